export const en = {
  someone: "a colleague",
  itself: "Munshi itself",
};
