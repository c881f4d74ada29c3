import { z } from "zod"

/**
 * The same schema, refusing fields it does not know: a name misspelt, or a field that is changed elsewhere, must not look as if it
 * had counted. Its own fields only: what stands inside one, such as a browser's answer to a passkey, may hold more.
 */
export function refusingUnknown(schema: z.ZodType): z.ZodType {
  const strict = strictly(schema)
  const meta = schema.meta()
  return meta && strict !== schema ? strict.meta(meta) : strict
}

function strictly(schema: z.ZodType): z.ZodType {
  if (schema instanceof z.ZodObject) return schema.strict()
  if (schema instanceof z.ZodUnion)
    return schema.clone({ ...schema.def, options: schema.def.options.map(known) })
  if (schema instanceof z.ZodDefault)
    return schema.clone({ ...schema.def, innerType: known(schema.unwrap()) })
  if (schema instanceof z.ZodPrefault)
    return schema.clone({ ...schema.def, innerType: known(schema.unwrap()) })
  return schema
}

function known<T>(part: T) {
  return part instanceof z.ZodType ? refusingUnknown(part) : part
}
