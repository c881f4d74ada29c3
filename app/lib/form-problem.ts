/** What an action says of a form it refuses. `values` are what the person typed, so that nothing is lost without JavaScript. */
export type FormProblem = {
  message?: string
  fields?: Record<string, string | string[] | undefined>
  values?: Record<string, string | undefined>
}
