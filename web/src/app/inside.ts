/** Where to go after signing in: only addresses of this console, never `//elsewhere`. */
export function inside(to: string | undefined): string {
  return to !== undefined && /^\/(?![/\\])/.test(to) ? to : "/";
}
