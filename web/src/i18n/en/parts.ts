export const en = {
  someone: "a colleague",
  itself: "Munshi itself",
  openWarehouse: "Open a warehouse",
  whole: (min?: number, max?: number) =>
    min !== undefined && max !== undefined ? `A whole number from ${min} to ${max}.` : min !== undefined ? `A whole number from ${min}.` : "A whole number.",
};
