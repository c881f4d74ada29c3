import { z } from "zod"
import { message } from "~/domain/mail/message"
import { MailButton, MailNote, MailText } from "~/domain/mail/parts"

const happened: Record<string, string> = {
  password_set: "A password was set for your account",
  password_changed: "The password of your account was changed",
  password_removed: "The password of your account was removed",
  password_reset: "The password of your account was reset",
  password_locked: "Somebody tried many wrong passwords for your account; it takes no more for a while",
  two_factor_on: "Two-factor sign-in was switched on",
  two_factor_off: "Two-factor sign-in was switched off",
  two_factor_reset: "Two-factor sign-in was reset by an operator",
  second_factor_locked: "Somebody tried many wrong codes of your authenticator app",
  recovery_codes_made: "New recovery codes were made",
  recovery_code_used: "A recovery code was used",
  passkey_added: "A passkey was added",
  passkey_removed: "A passkey was removed",
  passkey_refused: "A passkey was refused because a copy of it may exist",
  identity_connected: "A sign-in provider was connected",
  identity_disconnected: "A sign-in provider was disconnected",
  api_key_made: "An API key was made in your name",
}

const wordsOf = (what: string) => happened[what] ?? "The security settings of your account were changed"

/** What an operator does happens at their desk, which is nobody else's to know. */
const nowhere = "unknown"

export const securityNotice = message({
  name: "security_notice",
  parameters: z.object({
    what: z.string(),
    detail: z.string(),
    device: z.string(),
    network: z.string(),
    at: z.string(),
  }),
  purpose: "not_me",
  subject: p => wordsOf(p.what),
  preview: p => (p.network === nowhere ? `On ${p.at}.` : `From ${p.device}, network ${p.network}.`),
  why: () => "You get this whenever something that guards your account is changed.",
  body: ({ parameters: p, link, lifetime }) => (
    <>
      <MailText>
        {wordsOf(p.what)}
        {p.detail && ` (${p.detail})`}
        {p.network !== nowhere && `, from ${p.device}, network ${p.network}`}, on {p.at}.
      </MailText>
      <MailNote>
        If this was you, there is nothing to do. If it was not, sign everybody out now, which also revokes the
        API keys you made; this button works for {lifetime}.
      </MailNote>
      <MailButton href={link}>This wasn’t me</MailButton>
    </>
  ),
})
