/** Where to go after signing in. */

/**
 * A path of this server, whatever an address asks for: `/` in the place of anything that leads elsewhere.
 * @param {string | null} wanted
 * @returns {string}
 */
export function nextPage(wanted) {
  return wanted && /^\/(?![/\\])[^\\\u0000-\u001f]*$/.test(wanted) && !wanted.startsWith("/login") ? wanted : "/";
}
