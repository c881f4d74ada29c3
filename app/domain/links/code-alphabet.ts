/**
 * Crockford's base 32: digits and capitals without I, L, O and U, so that no two symbols look alike on paper and no
 * rude word comes out. 32^6 is about 1.07 * 10^9; six tries at one code hit with 6 / 1.07e9.
 */
export const codeAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
export const codeLength = 6

/** The code as it was sent, from what a person typed: spaces and dashes dropped, case and look-alikes folded [L4]. */
export function normalizeCode(typed: string): string {
  return typed
    .normalize("NFKC")
    .replace(/[\s\-‐-―.]/g, "")
    .toUpperCase()
    .replaceAll("O", "0")
    .replace(/[IL]/g, "1")
}

const codeShape = new RegExp(`^[${codeAlphabet}]{${codeLength}}$`)

/** Whether this could be a code, however it was typed: what could not is no try at one. */
export function isCodeShaped(typed: string): boolean {
  return codeShape.test(normalizeCode(typed))
}

/** `AB3 9XZ`: two groups are easier to carry in the head. */
export function displayCode(code: string): string {
  return `${code.slice(0, codeLength / 2)} ${code.slice(codeLength / 2)}`
}
