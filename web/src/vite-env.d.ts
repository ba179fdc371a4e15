/// <reference types="vite/client" />

/** Version of this program, as in package.json. */
declare const __APP_VERSION__: string;
