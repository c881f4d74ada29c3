import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node"
import { type MetaFunction, useActionData, useLoaderData } from "@remix-run/react"
import { z } from "zod"
import { AppPage } from "~/components/page"
import { pageTitle } from "~/components/page-title"
import { Button } from "~/components/ui/button"
import { Card } from "~/components/ui/card"
import { Field } from "~/components/ui/field"
import { Form } from "~/components/ui/form"
import { TextInput } from "~/components/ui/text-input"
import { TextLink } from "~/components/ui/text-link"
import { renamePerson } from "~/domain/accounts/profile.server"
import { PersonName } from "~/domain/organizations/schemas"
import { readForm, refuse } from "~/http/forms.server"
import { requireSession } from "~/http/guards.server"
import { redirectWithToast } from "~/http/toast.server"
import { paths } from "~/lib/paths"

export const meta: MetaFunction = ({ matches }) => pageTitle("Profile", matches)

const Profile = z.object({ name: PersonName })

export async function loader({ request }: LoaderFunctionArgs) {
  const { name, email } = requireSession(request)
  return { name, email }
}

export async function action({ request }: ActionFunctionArgs) {
  const { userId } = requireSession(request)
  const form = await readForm(request, Profile)
  if (!form.ok) return refuse(form)
  await renamePerson(userId, form.value.name)
  return redirectWithToast(paths.account.profile(), { kind: "good", words: "Your name is saved." })
}

export default function ProfilePage() {
  const { name, email } = useLoaderData<typeof loader>()
  return (
    <AppPage title="Profile" lead="What others in your organisations see.">
      <Card>
        <Form problem={useActionData<typeof action>()} className="max-w-md">
          <Field name="name" label="Name">
            <TextInput autoComplete="name" defaultValue={name} required />
          </Field>
          <Field
            name="email"
            label="E-mail address"
            hint={
              <>
                You sign in with it. <TextLink to={paths.account.email()}>Change it</TextLink>
              </>
            }
          >
            <TextInput type="email" value={email} readOnly />
          </Field>
          <div>
            <Button pendingLabel="Saving…">Save</Button>
          </div>
        </Form>
      </Card>
    </AppPage>
  )
}
