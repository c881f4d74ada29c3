import { giveProof } from "~/domain/accounts/fresh-proof.server"
import { findSessionById } from "~/domain/accounts/sessions.server"
import { endpoint } from "~/http/api/endpoint.server"
import { GiveProof, Proof, ProofTaken, proofIn, proofOf, refuseProof } from "~/http/api/proof.server"
import { renewalDetails, renewalTeller } from "~/http/api/renewed-session.server"
import { resource } from "~/http/api/resource.server"
import { failureJson } from "~/http/failures.server"
import { apiPaths } from "~/lib/api-paths"

const read = endpoint(
  {
    summary: "Whether the last proof of who one is is fresh",
    details:
      "Acts that are hard to undo answer `proof_needed` once signing in, or the last proof, is 15 minutes old. This says how to give proof anew.",
    area: "Session",
    who: "person",
    answer: Proof,
  },
  async ({ signedIn }) => proofOf(signedIn),
)

const create = endpoint(
  {
    summary: "Prove anew who one is",
    details: `In one of the \`ways\` of the GET. Whoever has two-factor sign-in on shows the second factor. ${renewalDetails}`,
    area: "Session",
    who: "person",
    body: GiveProof,
    answer: ProofTaken,
    failures: ["proof_refused", "way_not_open", "too_many_requests", "busy"],
  },
  async call => {
    const { signedIn, body, requester } = call
    const given = proofIn(body)
    const tellRenewal = renewalTeller(call)
    const taken = await giveProof(signedIn, given, requester)
    if (!taken.ok) throw refuseProof(given.way, taken.error)
    const renewed = await tellRenewal(taken.value.token)
    const proven = findSessionById(signedIn.sessionId)
    if (!proven) throw failureJson("signed_out")
    return { ...(await proofOf(proven)), ...renewed }
  },
)

const here = resource(apiPaths.proof(), { GET: read, POST: create })
export const loader = here.loader
export const action = here.action
