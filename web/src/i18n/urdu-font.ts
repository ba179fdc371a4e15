/** Loaded only when the page speaks Urdu; the browser fetches a weight only when it draws with it. */
import "@fontsource/noto-naskh-arabic/arabic-400.css";
import "@fontsource/noto-naskh-arabic/arabic-600.css";
