import { type ChangeEvent, useMemo, useState } from "react"
import { Avatar } from "~/components/ui/avatar"
import { Button } from "~/components/ui/button"
import { Field } from "~/components/ui/field"
import { Form } from "~/components/ui/form"
import { PictureInput } from "~/components/ui/picture-input"
import { logoTroubles, mostBytes } from "~/domain/organizations/logo-words"
import { paths } from "~/lib/paths"

type Props = {
  slug: string
  name: string
  /** The hash of the present one. */
  logo: string | null
  /** Why the last picture was not taken. */
  trouble?: string
}

/** The logo of an organisation, and the field for another. What is too large is said before it is sent, too. */
export function LogoForm({ slug, name, logo, trouble }: Props) {
  const [chosen, setChosen] = useState<string>()
  const problem = useMemo(() => trouble && { fields: { logo: trouble } }, [trouble])
  const choose = (event: ChangeEvent<HTMLInputElement>) => {
    const [file] = event.currentTarget.files ?? []
    setChosen(file && file.size > mostBytes ? logoTroubles.too_many_bytes : "")
  }
  const action = paths.organization.logo(slug)
  const picture = logo ? paths.organization.logo(slug, logo) : undefined
  return (
    <div className="flex flex-wrap items-start gap-x-6 gap-y-4">
      <Avatar name={name} shape="organization" size="huge" picture={picture} label={`Logo of ${name}`} />
      <div className="flex min-w-0 max-w-md flex-1 basis-64 flex-col gap-3">
        <Form problem={problem || undefined} action={action} encType="multipart/form-data" reloadDocument>
          <Field
            name="logo"
            label={logo ? "Another picture" : "Picture"}
            hint="PNG, JPEG or WebP, at most 1 MB. A square one fits best."
            error={chosen}
          >
            <PictureInput onChange={choose} />
          </Field>
          <div>
            <Button kind="secondary" disabled={Boolean(chosen)}>
              {logo ? "Replace the logo" : "Save the logo"}
            </Button>
          </div>
        </Form>
        {logo && (
          <Form action={action}>
            <input type="hidden" name="intent" value="remove" />
            <Button kind="quiet" size="small" pendingLabel="Removing…">
              Remove the logo
            </Button>
          </Form>
        )}
      </div>
    </div>
  )
}
