/** The ways to prove who one is, each with its name. Sessions remember theirs, and organisations may allow some of them only. */
export const signInMethods = {
  email: "A link or code by e-mail",
  password: "A password",
  passkey: "A passkey",
  google: "Google",
  microsoft: "Microsoft",
  oidc: "Single sign-on",
} as const

export type SignInMethod = keyof typeof signInMethods

/** All of them, in the order forms show them. */
export const signInMethodList = Object.keys(signInMethods).filter(isSignInMethod)

/** Narrows a stored or posted value. */
export function isSignInMethod(value: unknown): value is SignInMethod {
  return typeof value === "string" && Object.hasOwn(signInMethods, value)
}

/** The name of a method; one this version does not know is named as it is stored. */
export function nameOfMethod(method: string): string {
  return isSignInMethod(method) ? signInMethods[method] : method
}
