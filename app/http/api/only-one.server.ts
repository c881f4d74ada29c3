/** For `refine`: exactly one of these fields of a body, and the sentence for anything else. */
export function onlyOne(...names: [string, ...string[]]) {
  const isOne = (body: Record<string, unknown>) => names.filter(name => body[name] !== undefined).length === 1
  return [isOne, `Send exactly one of these: ${names.join(", ")}.`] as const
}
