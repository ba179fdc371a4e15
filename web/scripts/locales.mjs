// The component library brings its spoken texts in thirty languages and all of them would be in every bundle. Of those
// we speak English only (it has no Urdu and falls back to English), so the others are left out.
const other = /\/react-(?:aria|stately|aria-components)\/.*\/intl\/.*\/(?!en-US\.)[a-z]{2}-[A-Z]{2}\.m?js$/;

/** @returns {import("vite").Plugin} */
export function locales() {
  return {
    name: "munshi-locales",
    enforce: "pre",
    load(id) {
      return other.test(id.replaceAll("\\", "/").split("?")[0]) ? "export default {};" : null;
    },
  };
}
