/** For `refine`: exactly one of these fields of a body, and the sentence for anything else. */
export function onlyOne(...names: [string, ...string[]]) {
  const isOne = (body: Record<string, unknown>) => names.filter(name => body[name] !== undefined).length === 1
  return [isOne, `Send exactly one of these: ${names.join(", ")}.`] as const
}

/** The same for the document: which fields stand alone, and a body that is taken as it is. */
export function tellOnlyOne(names: readonly string[], example: Record<string, unknown>) {
  return { oneOf: names.map(name => ({ required: [name] })), examples: [example] }
}
