import { Button } from "~/components/ui/button"
import { Card } from "~/components/ui/card"
import { Field } from "~/components/ui/field"
import { Form } from "~/components/ui/form"
import { TextArea } from "~/components/ui/text-area"
import type { FormProblem } from "~/lib/form-problem"

type Props = { name: string; archived: boolean; problem?: FormProblem | null }

/** Archives an organisation with a word to its owners, or takes that back. */
export function DeskArchive({ name, archived, problem }: Props) {
  if (archived) {
    return (
      <Card
        title={`Restore ${name}`}
        lead="Everything is back as it was, and the owners get a mail. What archived it for another reason stays."
      >
        <Form problem={problem}>
          <div>
            <Button name="intent" value="restore" kind="secondary" pendingLabel="Restoring…">
              Restore {name}
            </Button>
          </div>
        </Form>
      </Card>
    )
  }
  return (
    <Card
      title={`Archive ${name}`}
      lead="From the next request on nobody can work in it. Owners keep billing, the export and closing. Nothing is deleted, and you can take it back."
    >
      <Form problem={problem} className="max-w-xl">
        <input type="hidden" name="intent" value="archive" />
        <Field name="note" label="Why" hint="The owners read it in their mail, and every member on the page.">
          <TextArea maxLength={500} required />
        </Field>
        <div>
          <Button kind="danger" pendingLabel="Archiving…">
            Archive {name}
          </Button>
        </div>
      </Form>
    </Card>
  )
}
