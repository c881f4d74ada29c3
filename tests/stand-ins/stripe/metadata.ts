/** Adds to, replaces or (by empty text) removes entries of metadata, as each of Stripe's updates does. */
export function mergeMetadata(
  old: Record<string, string> | null,
  given: Record<string, string> | null | undefined,
): Record<string, string> {
  if (given === null) return {}
  const merged = { ...old, ...given }
  return Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== ""))
}
