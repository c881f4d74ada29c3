import { once } from "node:events"
import { createServer } from "node:http"
import { text } from "node:stream/consumers"
import { type Account, openAccount } from "../../stand-ins/stripe/account"
import { apiRequestOf, sendReply } from "../../stand-ins/stripe/http-door"

export type ServedAccount = Account & { url: string; stop: () => Promise<void> }

/** A Stripe account whose API answers on 127.0.0.1, and whose books lie open to this process. */
export async function serveAccount(): Promise<ServedAccount> {
  const account = openAccount()
  await account.controls.seedCatalogue()
  const server = createServer(async (request, response) => {
    const { pathname, search } = new URL(request.url ?? "/", "http://127.0.0.1")
    const body = await text(request)
    const reply = account.context.api.handle(apiRequestOf(request, pathname, search.slice(1), body))
    sendReply(reply, request, response)
  }).listen(0, "127.0.0.1")
  await once(server, "listening")
  const address = server.address()
  if (address === null || typeof address === "string") throw new Error("The local Stripe has no port.")
  const url = `http://127.0.0.1:${address.port}`
  account.baseUrl(url)
  return {
    ...account,
    url,
    stop: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, "close")
    },
  }
}
