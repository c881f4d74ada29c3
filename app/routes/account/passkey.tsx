import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node"
import { type MetaFunction, useActionData, useLoaderData } from "@remix-run/react"
import { AppPage } from "~/components/page"
import { pageTitle } from "~/components/page-title"
import { PasskeyFacts } from "~/components/passkey-facts"
import { Button } from "~/components/ui/button"
import { Card } from "~/components/ui/card"
import { Field } from "~/components/ui/field"
import { Form } from "~/components/ui/form"
import { TextInput } from "~/components/ui/text-input"
import { TextLink } from "~/components/ui/text-link"
import { ChangePasskey } from "~/domain/accounts/passkey-schemas"
import { findPasskey, removePasskey, renamePasskey } from "~/domain/accounts/passkeys.server"
import { failure } from "~/http/failures.server"
import { readForm, refuse } from "~/http/forms.server"
import { askFreshProof } from "~/http/fresh-proof.server"
import { requireSession } from "~/http/guards.server"
import { requesterOf } from "~/http/requester.server"
import { redirectWithToast } from "~/http/toast.server"
import { paths } from "~/lib/paths"

export const meta: MetaFunction<typeof loader> = ({ data, matches }) =>
  pageTitle(data?.passkey.name ?? "Passkey", matches)

/** One's own passkey; everybody else's is not there. */
async function open(request: Request, id = "") {
  const signedIn = requireSession(request)
  const passkey = await findPasskey(signedIn.userId, id)
  if (!passkey) throw failure("not_found")
  return { signedIn, passkey }
}

export async function loader({ request, params }: LoaderFunctionArgs) {
  return { passkey: (await open(request, params.passkeyId)).passkey }
}

export async function action({ request, params, context }: ActionFunctionArgs) {
  const { signedIn, passkey } = await open(request, params.passkeyId)
  const form = await readForm(request, ChangePasskey)
  if (!form.ok) return refuse(form)
  const { id } = passkey
  const requester = requesterOf(request, context)
  if (form.value.intent === "rename") {
    const renamed = await renamePasskey(signedIn.userId, { id, name: form.value.name, requester })
    if (!renamed.ok) throw failure("not_found")
    return redirectWithToast(paths.account.passkeys(), { kind: "good", words: "The name is saved." })
  }
  const owed = await askFreshProof({ request, context, signedIn, form })
  if (owed) return owed
  const removed = await removePasskey({ ...signedIn, id: signedIn.userId }, { id, requester })
  if (!removed.ok && removed.error === "last") return refuse(form, { message: lastWords })
  const words = `“${passkey.name}” is removed. Delete it where it is kept, too.`
  return redirectWithToast(paths.account.passkeys(), { kind: "good", words })
}

const lastWords =
  "This passkey is the only way into your account: mail to your address comes back. Add another way in first."

export default function PasskeyPage() {
  const { passkey } = useLoaderData<typeof loader>()
  const said = useActionData<typeof action>()
  const about = said?.values?.intent
  return (
    <AppPage title={passkey.name} lead={<TextLink to={paths.account.passkeys()}>All passkeys</TextLink>}>
      <Card>
        <PasskeyFacts passkey={passkey} />
      </Card>
      <Card title="Name">
        <Form problem={about === "rename" ? said : undefined} className="max-w-md">
          <input type="hidden" name="intent" value="rename" />
          <Field name="name" label="Name" hideLabel>
            <TextInput defaultValue={passkey.name} maxLength={60} required />
          </Field>
          <div>
            <Button pendingLabel="Saving…">Save</Button>
          </div>
        </Form>
      </Card>
      <Card
        title="Remove"
        lead="It opens your account no more. Your other devices are signed out, and we mail you a notice."
      >
        <Form problem={about === "remove" ? said : undefined} act="Remove this passkey" className="max-w-md">
          <input type="hidden" name="intent" value="remove" />
          <div>
            <Button kind="danger" pendingLabel="Removing…">
              Remove this passkey
            </Button>
          </div>
        </Form>
      </Card>
    </AppPage>
  )
}
