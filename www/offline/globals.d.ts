/** What offline/guard.js gives the page. */
interface Window {
  forgetPage(): Promise<unknown>;
}
