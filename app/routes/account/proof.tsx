import { type ActionFunctionArgs, type LoaderFunctionArgs, redirect } from "@remix-run/node"
import { type MetaFunction, useActionData, useLoaderData } from "@remix-run/react"
import { z } from "zod"
import { FreshProof } from "~/components/fresh-proof"
import { AppPage } from "~/components/page"
import { pageTitle } from "~/components/page-title"
import { ButtonLink } from "~/components/ui/button"
import { Card } from "~/components/ui/card"
import { isFresh } from "~/domain/accounts/fresh-proof.server"
import { readForm, refuse } from "~/http/forms.server"
import { askFreshProof, proofAsked } from "~/http/fresh-proof.server"
import { requireSession } from "~/http/guards.server"
import { insideOnly } from "~/http/redirects.server"
import type { ProofAsked } from "~/lib/form-problem"
import { paths } from "~/lib/paths"

export const meta: MetaFunction = ({ matches }) => pageTitle("Confirm that it is you", matches)

const Proof = z.object({ redirectTo: z.string().optional() })

/** A file leaves the page where it was asked for in place: it says that all is well, and offers the file. */
const isFile = (path: string) => /\.(json|csv)(\?|$)/.test(path)

export async function loader({ request }: LoaderFunctionArgs) {
  const signedIn = requireSession(request)
  const redirectTo =
    insideOnly(new URL(request.url).searchParams.get("redirectTo")) ?? paths.account.profile()
  const file = isFile(redirectTo)
  if (isFresh(signedIn) && !file) throw redirect(redirectTo, 303)
  const asked = isFresh(signedIn) ? undefined : await proofAsked(signedIn)
  return { redirectTo, asked }
}

export async function action({ request, context }: ActionFunctionArgs) {
  const signedIn = requireSession(request)
  const form = await readForm(request, Proof)
  if (!form.ok) return refuse(form)
  const owed = await askFreshProof({ request, context, signedIn, form })
  if (owed) return owed
  const redirectTo = insideOnly(form.value.redirectTo) ?? paths.account.profile()
  throw redirect(isFile(redirectTo) ? paths.account.proof(redirectTo) : redirectTo, 303)
}

export default function ProofPage() {
  const { redirectTo, asked } = useLoaderData<typeof loader>()
  const refused = useActionData<typeof action>()?.proof
  if (!asked) {
    return (
      <AppPage title="Thank you" lead="Your file is ready.">
        <div>
          <ButtonLink reloadDocument to={redirectTo}>
            Download
          </ButtonLink>
        </div>
      </AppPage>
    )
  }
  const first: ProofAsked = { ...asked, entries: [["redirectTo", redirectTo]] }
  return (
    <AppPage title="Confirm that it is you" lead="What you are about to do is important.">
      <Card>
        <FreshProof
          asked={refused ?? first}
          cancelTo={paths.account.profile()}
          reloadDocument
          className="max-w-md"
        />
      </Card>
    </AppPage>
  )
}
