/** What happened to an account, in words for its owner. Mirrors the kinds of security-events.server. */
const ways: Record<string, string> = {
  link: "a link by e-mail",
  code: "a code by e-mail",
  activation: "the mail about a purchase",
  invitation: "an invitation",
  setup: "the link of the installation",
  reset: "a password reset",
  password: "your password",
  passkey: "a passkey",
  google: "Google",
  microsoft: "Microsoft",
  oidc: "single sign-on",
  totp: "your authenticator app",
}

const by = (way: string) => (ways[way] ? ` with ${ways[way]}` : "")
const named = (name: string) => (name ? `: ${name}` : "")

const sentences: Record<string, (detail: string) => string> = {
  sign_in: way => `Signed in${by(way)}`,
  sign_in_refused: () => "A sign-in was refused",
  sign_in_elsewhere: asked => `The link was asked for somewhere else${named(asked)}`,
  sign_out: () => "Signed out",
  sessions_ended: count => (count === "1" ? "One device was signed out" : `Devices signed out: ${count}`),
  refresh_token_reused: () => "A program showed a token that was used before: it was signed out",
  second_factor_wrong: () => "A wrong code at the second step of a sign-in",
  second_factor_locked: () => "Too many wrong codes: the second step was closed for a while",
  password_wrong: () => "A wrong password",
  password_locked: () => "Too many wrong passwords: they were refused for a while",
  password_set: () => "A password was set",
  password_changed: () => "The password was changed",
  password_removed: () => "The password was removed",
  password_reset: () => "The password was reset by e-mail",
  two_factor_on: () => "Two-factor sign-in was switched on",
  two_factor_off: () => "Two-factor sign-in was switched off",
  two_factor_reset: () => "Two-factor sign-in was reset by an operator",
  recovery_codes_made: () => "New recovery codes were made",
  recovery_code_used: left => `A recovery code was used${left ? `, ${left}` : ""}`,
  passkey_added: name => `A passkey was added${named(name)}`,
  passkey_renamed: name => `A passkey was renamed${named(name)}`,
  passkey_removed: name => `A passkey was removed${named(name)}`,
  passkey_refused: name => `A passkey was refused, because a copy of it may exist${named(name)}`,
  identity_connected: name => `Connected${named(name)}`,
  identity_disconnected: name => `Disconnected${named(name)}`,
  identity_refused: name => `A sign-in by a provider was refused${named(name)}`,
  email_change_asked: to => `Another address was asked for${named(to)}`,
  email_changed: to => `The address was changed${named(to)}`,
  email_change_undone: to => `The address was changed back${named(to)}`,
  credentials_stripped: () => "The mailbox was proven: what was set up before it was taken away",
  proof_given: way => `You confirmed that it is you${by(way)}`,
  proof_refused: way => `Someone failed to confirm that it is you${by(way)}`,
  api_key_made: name => `An API key was made in your name${named(name)}`,
  not_me: () => "“This wasn’t me”: everybody was signed out, and your API keys were revoked",
  data_exported: () => "Your data was downloaded",
}

const alarming = new Set([
  "sign_in_elsewhere",
  "sign_in_refused",
  "refresh_token_reused",
  "second_factor_wrong",
  "second_factor_locked",
  "password_wrong",
  "password_locked",
  "two_factor_reset",
  "passkey_refused",
  "identity_refused",
  "proof_refused",
  "not_me",
])

/** One line of the history. A kind this version does not know is shown by its name. */
export function securityWords(kind: string, detail: string): string {
  return sentences[kind]?.(detail) ?? kind.replaceAll("_", " ")
}

/** Whether the owner should look twice. */
export function isAlarming(kind: string): boolean {
  return alarming.has(kind)
}

/** For a test that compares it with what can be written. */
export const knownEvents = Object.keys(sentences)
