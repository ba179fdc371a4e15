import type { Plugin } from "vite";

export function locales(): Plugin;
