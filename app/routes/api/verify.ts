import { z } from "zod"
import { isCodeShaped } from "~/domain/links/code-alphabet"
import { forgiveRequestedLink } from "~/domain/sign-in/check-limit.server"
import { signInWithCode } from "~/domain/sign-in/codes.server"
import { endpoint } from "~/http/api/endpoint.server"
import { earlierRequest } from "~/http/api/link-requests.server"
import { answerOutcome, countCheckJson, MailedSignIn, signInByLink } from "~/http/api/mailed-sign-in.server"
import { codeRefused, linkFailures } from "~/http/api/refusals.server"
import { resource } from "~/http/api/resource.server"
import { apiPaths } from "~/lib/api-paths"

const Verify = z.union(
  [
    z.object({
      token: z.string().max(200).meta({ description: "Of the link in the mail." }),
      request: earlierRequest.optional(),
    }),
    z.object({
      request: earlierRequest,
      code: z
        .string()
        .max(64)
        .refine(isCodeShaped, "The code has six letters and digits.")
        .meta({ description: "As it was typed: spaces, case and look-alikes do not matter." }),
    }),
  ],
  "Send the token of the link, or the code with its request.",
)

const verify = endpoint(
  {
    summary: "Sign in with the link or the code of a mail",
    details:
      "Either counts once and uses up the other. The code counts only with the `request` it was asked for, and the sixth wrong one makes it void; the link still works then. Where the operator wants it, a link used elsewhere than it was asked for needs that `request`, too.",
    area: "Signing in",
    who: "anyone",
    staleToken: "ignored",
    body: Verify,
    answer: MailedSignIn,
    failures: ["code_wrong", ...linkFailures, "link_purpose", "too_many_requests"],
  },
  async ({ body, ...call }) => {
    if ("token" in body) return signInByLink(body, call)
    const { requester } = call
    await countCheckJson(call)
    const signedIn = await signInWithCode(body.code, { requester, requestToken: body.request })
    if (!signedIn.ok) throw codeRefused(signedIn.error)
    await forgiveRequestedLink(requester.clientAddress)
    return answerOutcome(signedIn.value, call)
  },
)

const here = resource(apiPaths.verify(), { POST: verify })
export const loader = here.loader
export const action = here.action
