import { z } from "zod"
import { message } from "~/domain/mail/message"
import { MailButton, MailNote, MailText } from "~/domain/mail/parts"

const asked = z.object({ from: z.string(), device: z.string(), network: z.string() })

/** To the new mailbox: its link is the proof that it is theirs. */
export const emailChange = message({
  name: "email_change",
  parameters: asked,
  purpose: "email_change",
  subject: (_, appName) => `Confirm your new address for ${appName}`,
  preview: () => "One click, and you sign in with this address.",
  why: () =>
    "You get this because someone wants to use this address for their account. Not you? Nothing happens without this mail; you can ignore it.",
  body: ({ parameters: p, link, lifetime }) => (
    <>
      <MailText>The account of {p.from} is to have this address from now on.</MailText>
      <MailButton href={link}>Confirm this address</MailButton>
      <MailNote>
        It works once, within {lifetime}. Asked for from {p.device}, network {p.network}.
      </MailNote>
    </>
  ),
})

/** To a mailbox that has an account already: only its owner may learn that. */
export const emailTaken = message({
  name: "email_taken",
  parameters: asked,
  subject: (_, appName) => `This address has an account at ${appName} already`,
  preview: () => "Nothing was changed.",
  why: () => "You get this because someone wants to use this address for another account.",
  body: ({ parameters: p }) => (
    <>
      <MailText>
        The account of {p.from} was to have this address, but it has an account of its own. Nothing was
        changed.
      </MailText>
      <MailNote>
        Was it you? Delete the account of this address first, or choose another address. Asked for from{" "}
        {p.device}, network {p.network}.
      </MailNote>
    </>
  ),
})

/** To the old mailbox, with the way back. */
export const emailChanged = message({
  name: "email_changed",
  parameters: z.object({ to: z.string(), device: z.string(), network: z.string(), at: z.string() }),
  carriesUndo: true,
  subject: (_, appName) => `Your address at ${appName} was changed`,
  preview: p => `To ${p.to}. Not you? Take it back.`,
  why: () => "You get this because this was the address of the account until now.",
  body: ({ parameters: p, link }) => (
    <>
      <MailText>
        Your account has another address now: {p.to}. It was changed on {p.at} from {p.device}, network{" "}
        {p.network}.
      </MailText>
      <MailNote>If this was you, there is nothing to do. If it was not, take it back within 7 days.</MailNote>
      {link && <MailButton href={link}>This wasn’t me</MailButton>}
    </>
  ),
})

/** To the mailbox that had the account for a while. */
export const emailChangeUndone = message({
  name: "email_change_undone",
  parameters: z.object({ from: z.string(), at: z.string() }),
  subject: (_, appName) => `Your new address at ${appName} was taken back`,
  preview: p => `The account has ${p.from} again.`,
  why: () => "You get this because this was the address of an account until now.",
  body: ({ parameters: p }) => (
    <MailText>
      The change of address was undone on {p.at}, from the mailbox the account had before: it is {p.from}{" "}
      again. Everybody was signed out.
    </MailText>
  ),
})
