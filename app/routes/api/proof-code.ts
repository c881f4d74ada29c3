import { z } from "zod"
import { maskAddress } from "~/domain/accounts/addresses.server"
import { mailProofCode, waysToProve } from "~/domain/accounts/fresh-proof.server"
import { endpoint } from "~/http/api/endpoint.server"
import { resource } from "~/http/api/resource.server"
import { failureJson } from "~/http/failures.server"
import { tooManyProofMails } from "~/http/proof-words.server"
import { apiPaths } from "~/lib/api-paths"

const Sent = z
  .object({
    status: z.literal("code_sent"),
    email: z.string().meta({ description: "Where to, masked." }),
  })
  .meta({ id: "ProofCodeSent" })

const create = endpoint(
  {
    summary: "Have a code mailed to prove who one is",
    details:
      "For `POST /api/auth/proof`, in this session only, for ten minutes. Asked again within a minute, no second one is sent.",
    area: "Session",
    who: "person",
    status: 202,
    answer: Sent,
    failures: ["way_not_open", "too_many_requests"],
  },
  async ({ signedIn, requester }) => {
    if (!(await waysToProve(signedIn)).includes("code"))
      throw failureJson("way_not_open", {
        words: "A code by mail proves nothing here. See `ways` of `GET /api/auth/proof`.",
      })
    const mailed = await mailProofCode(signedIn, requester)
    if (!mailed.ok)
      throw failureJson("too_many_requests", { words: tooManyProofMails(mailed.error), ...mailed.error })
    return { status: "code_sent" as const, email: maskAddress(signedIn.email) }
  },
)

const here = resource(apiPaths.proofCode(), { POST: create })
export const loader = here.loader
export const action = here.action
