/** A decoded form: text, or lists and maps of it. Stripe knows no other types on the way in. */
export type Form = string | Form[] | FormMap
export type FormMap = { [key: string]: Form }

interface Branch {
  children: Map<string, Branch>
  value?: string
}

/**
 * Reads `a[b][0][c]=1&expand[]=x` as Stripe does: brackets nest, `[]` and consecutive numbers make lists.
 * Works for query strings and bodies alike.
 */
export function decodeForm(text: string): FormMap {
  const root: Branch = { children: new Map() }
  for (const [key, value] of new URLSearchParams(text)) {
    let branch = root
    for (const step of pathOf(key)) {
      const name = step === "" ? String(branch.children.size) : step
      const next: Branch = branch.children.get(name) ?? { children: new Map() }
      branch.children.set(name, next)
      branch = next
    }
    branch.value = value
  }
  return mapOf(root)
}

function pathOf(key: string): string[] {
  const open = key.indexOf("[")
  if (open <= 0) return [key]
  return [
    key.slice(0, open),
    ...Array.from(key.slice(open).matchAll(/\[([^\]]*)\]/g), match => match[1] ?? ""),
  ]
}

function mapOf(branch: Branch): FormMap {
  return Object.fromEntries(Array.from(branch.children, ([name, child]) => [name, plain(child)]))
}

function plain(branch: Branch): Form {
  if (branch.children.size === 0) return branch.value ?? ""
  const names = [...branch.children.keys()]
  const isList = names.every((name, index) => name === String(index))
  return isList ? [...branch.children.values()].map(plain) : mapOf(branch)
}

/** The name of a nested parameter as Stripe writes it in errors: `line_items[0][price]`. */
export function paramName(path: ReadonlyArray<PropertyKey>): string {
  const [first, ...rest] = path
  return first === undefined ? "" : String(first) + rest.map(step => `[${String(step)}]`).join("")
}
