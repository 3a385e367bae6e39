/** What offline/guard.js gives the page, and i18n/unloaded.js offline/guard.js. */
interface Window {
  forgetPage(): Promise<unknown>;
  UNLOADED: Record<string, Record<"file" | "sandboxed" | "mistyped", string>>;
}
