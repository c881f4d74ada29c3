import { z } from "zod"
import { refused, type StripeFailure } from "./errors"
import { type Form, type FormMap, paramName } from "./form-encoding"

// Forms carry text only; these read it as the type the parameter has.
export const text = z.string()
export const int = z
  .string()
  .regex(/^-?\d+$/, { error: "integer" })
  .transform(Number)
export const decimal = z
  .string()
  .regex(/^-?\d+(\.\d+)?$/, { error: "number" })
  .transform(Number)
export const bool = z.enum(["true", "false"], { error: "boolean" }).transform(value => value === "true")
export const url = z.string().regex(/^https?:\/\/\S+$/, { error: "url" })
export const email = z.string().regex(/^[^\s@]+@[^\s@]+$/, { error: "email" })

/** Empty text clears an optional value, in Stripe's API. */
export const clearable = <T extends z.ZodType>(inner: T) =>
  z.union([z.literal("").transform(() => null), inner])

// https://docs.stripe.com/api/metadata: 50 keys, 40 characters a key, 500 a value.
const metadataMap = z
  .record(z.string().max(40, { error: "metadata-key" }), z.string().max(500, { error: "metadata-value" }))
  .refine(map => Object.keys(map).length <= 50, { error: "metadata-size" })
export const metadata = z.preprocess(
  value => (Array.isArray(value) ? { ...value } : value),
  clearable(metadataMap),
)

const range = z.strictObject({
  gt: int.optional(),
  gte: int.optional(),
  lt: int.optional(),
  lte: int.optional(),
})
export const created = z.union([int, range])
export type Created = z.output<typeof created>

const expand = z.array(z.string()).optional()

/** The parameters of a call; whatever is not named here is refused as unknown. */
export const accepts = <T extends z.ZodRawShape>(shape: T) => z.strictObject({ ...shape, expand })

/** The parameters of a list call. */
export const acceptsPage = <T extends z.ZodRawShape>(shape: T) =>
  accepts({
    ...shape,
    limit: int.optional(),
    starting_after: text.optional(),
    ending_before: text.optional(),
  })

/** Known to Stripe and kept as given, without an effect here. */
export const passive: z.ZodType<Form> = z.lazy(() =>
  z.union([z.string(), z.array(passive), z.record(z.string(), passive)]),
)

/** Checks a form against its schema, or refuses in Stripe's words. */
export function parseParams<S extends z.ZodType>(schema: S, form: FormMap): z.output<S> {
  const parsed = schema.safeParse(form)
  if (parsed.success) return parsed.data
  throw failureOf(deepest(parsed.error.issues), form)
}

type Issue = z.core.$ZodIssue

// A union reports one list of issues per member; the one that got furthest explains most.
function deepest(issues: Issue[], prefix: PropertyKey[] = []): Issue {
  const found = issues.flatMap(issue => {
    const here = { ...issue, path: [...prefix, ...issue.path] }
    if (issue.code !== "invalid_union") return [here]
    return issue.errors.filter(list => list.length > 0).map(list => deepest(list, here.path))
  })
  return found.reduce((best, issue) => (depth(issue) > depth(best) ? issue : best))
}

const depth = (issue: Issue) => issue.path.length + (issue.code === "unrecognized_keys" ? 1 : 0)

function failureOf(issue: Issue, form: FormMap): StripeFailure {
  const param = paramName(issue.path)
  if (issue.code === "unrecognized_keys") {
    const name = paramName([...issue.path, issue.keys[0] ?? ""])
    return refused(`Received unknown parameter: ${name}`, name, "parameter_unknown")
  }
  const given = valueAt(form, issue.path)
  if (given === undefined) return refused(`Missing required param: ${param}.`, param, "parameter_missing")
  if (given === "") {
    return refused(
      `You passed an empty string for '${param}'. We assume empty values are an attempt to unset a parameter; however '${param}' cannot be unset.`,
      param,
      "parameter_invalid_empty",
    )
  }
  const shown = typeof given === "string" ? given : "Hash"
  switch (issue.message) {
    case "integer":
      return refused(`Invalid integer: ${shown}`, param, "parameter_invalid_integer")
    case "number":
      return refused(`Invalid decimal: ${shown}`, param)
    case "boolean":
      return refused(`Invalid boolean: ${shown}`, param)
    case "url":
      return refused("Not a valid URL", param, "url_invalid")
    case "email":
      return refused(`Invalid email address: ${shown}`, param, "email_invalid")
    case "metadata-key":
      return refused("Metadata keys can have up to 40 characters.", "metadata")
    case "metadata-value":
      return refused("Metadata values can have up to 500 characters.", param)
    case "metadata-size":
      return refused("Metadata can have up to 50 keys.", param)
  }
  if (issue.code === "invalid_value") {
    const allowed = issue.values.map(String)
    return refused(`Invalid ${param}: must be one of ${allowed.join(", ")}`, param)
  }
  if (issue.code === "too_big" || issue.code === "too_small" || issue.code === "custom") {
    return refused(`Invalid ${param}: ${issue.message}`, param)
  }
  return refused(`Invalid ${issue.code === "invalid_type" ? issue.expected : "value"}: ${shown}`, param)
}

function valueAt(form: Form | undefined, path: ReadonlyArray<PropertyKey>): Form | undefined {
  const [step, ...rest] = path
  if (step === undefined || form === undefined) return form
  if (typeof form === "string") return undefined
  if (Array.isArray(form)) return valueAt(form[Number(step)], rest)
  return valueAt(form[String(step)], rest)
}
