/** What may stand beside an address and makes it part of a longer one. An escape of JSON, such as the n of a line's end, does not. */
const before = "(?<![\\p{L}\\p{N}._%+~!$*^-])|(?<=\\\\[nrt])"
const after = "(?![\\p{L}\\p{N}_-]|\\.[\\p{L}\\p{N}])"

/** Puts `instead` for an address in a text, be it prose or JSON, however it is capitalised. In a longer one it is somebody else's, and stays. */
export function replaceAddress(text: string, address: string, instead: string): string {
  const literal = address.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&")
  return text.replace(new RegExp(`(?:${before})${literal}${after}`, "giu"), () => instead)
}
