/**
 * What a server said, fit for the mail log: one line, at most 500 characters, without the login and without anything
 * secret of the mail, which some servers and spam filters quote back [L10].
 */
export function cleanAnswer(answer: string, login: Login, content = ""): string {
  let line = answer.replace(/[\s\p{Cc}]+/gu, " ").trim()
  for (const secret of loginForms(login)) line = line.replaceAll(secret, "…")
  line = line.replace(/[\w-]{6,}/g, piece => (looksSecret(piece) && content.includes(piece) ? "…" : piece))
  return line.slice(0, 500)
}

type Login = { user?: string | undefined; password?: string | undefined }

/** A token, a piece of one, or a sign-in code. */
function looksSecret(piece: string): boolean {
  return piece.length >= 20 || (piece.length >= 10 && /\d/.test(piece)) || /^[0-9A-Z]{6}$/.test(piece)
}

/** The password as typed and as it travels in AUTH LOGIN and AUTH PLAIN. */
function loginForms({ user = "", password }: Login): string[] {
  if (!password) return []
  const base64 = (text: string) => Buffer.from(text).toString("base64")
  return [base64(`\0${user}\0${password}`), base64(password), password]
}
