export { setLanguage, type Language, type Label, LANGUAGES, language } from "./language";
export { useFormat, useLabel, useLanguage, useText, useWords } from "./react";
export { plural } from "./plural";
