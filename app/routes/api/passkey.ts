import { z } from "zod"
import { passkeyName } from "~/domain/accounts/passkey-schemas"
import { findPasskey, removePasskey, renamePasskey } from "~/domain/accounts/passkeys.server"
import { endpoint } from "~/http/api/endpoint.server"
import { OwnPasskey, passkeyOf } from "~/http/api/passkeys.server"
import { resource } from "~/http/api/resource.server"
import { failureJson } from "~/http/failures.server"
import { apiPaths } from "~/lib/api-paths"

const params = z.object({ passkeyId: z.string().max(64) })

const change = endpoint(
  {
    summary: "Give a passkey another name",
    area: "Passkeys",
    who: "person",
    params,
    body: z.object({ name: passkeyName }),
    answer: OwnPasskey,
    failures: ["not_found"],
  },
  async ({ signedIn, params: { passkeyId: id }, body: { name }, requester }) => {
    const renamed = await renamePasskey(signedIn.userId, { id, name, requester })
    const passkey = renamed.ok ? await findPasskey(signedIn.userId, id) : undefined
    if (!passkey) throw failureJson("not_found")
    return passkeyOf(passkey)
  },
)

const remove = endpoint(
  {
    summary: "Remove a passkey",
    details: "Ends the person’s other sessions. The last way into an account cannot be removed.",
    area: "Passkeys",
    who: "person",
    freshProof: true,
    params,
    failures: ["not_found", "last_way_in"],
  },
  async ({ signedIn, params: { passkeyId: id }, requester }) => {
    const removed = await removePasskey({ ...signedIn, id: signedIn.userId }, { id, requester })
    if (!removed.ok) throw failureJson(removed.error === "last" ? "last_way_in" : "not_found")
    return undefined
  },
)

const here = resource(apiPaths.passkey(":passkeyId"), { PATCH: change, DELETE: remove })
export const loader = here.loader
export const action = here.action
