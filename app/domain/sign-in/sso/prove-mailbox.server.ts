import { requestSignInLink } from "~/domain/sign-in/email-link.server"
import type { AskedLink } from "~/domain/sign-in/request-link.server"
import { waitForLink } from "~/domain/sign-in/sso/waiting-identity.server"
import { db } from "~/platform/db.server"

/**
 * Asks for a sign-in link whose spending, in this browser, connects the account that waits in it. The same for every address,
 * known or not [L11]. A crash in between connects nothing, or mails nothing; both can be asked for again.
 */
export async function askToProveMailbox(
  waitingToken: string,
  asked: AskedLink & { connects: string },
): Promise<void> {
  await waitForLink(db(), waitingToken, asked.requestHash)
  await requestSignInLink(asked)
}
