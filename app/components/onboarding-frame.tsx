import { Form } from "@remix-run/react"
import type { ReactNode } from "react"
import { PublicPage } from "~/components/page"
import { Button } from "~/components/ui/button"
import { Steps } from "~/components/ui/steps"
import { type Progress, stepOf } from "~/domain/onboarding/steps"
import { paths } from "~/lib/paths"

type Props = { slug: string; progress: Progress; children: ReactNode }

/** Stands around each step of the guided set-up: how far it has come, the question, and the two ways past it. */
export function OnboardingFrame({ slug, progress, children }: Props) {
  const current = progress.current && stepOf(progress.current)
  return (
    <PublicPage
      title={current?.title}
      lead={current?.words}
      footer={
        <Form method="post" action={paths.onboardingSkip()} className="flex flex-wrap justify-center gap-2">
          <input type="hidden" name="org" value={slug} />
          <input type="hidden" name="step" value={progress.current} />
          <Button kind="quiet" name="intent" value="skip">
            Skip this
          </Button>
          <Button kind="quiet" name="intent" value="later">
            Finish later
          </Button>
        </Form>
      }
    >
      <div className="flex flex-col gap-8">
        <Steps
          label="Set-up"
          steps={progress.steps.map(({ id, state }) => ({
            label: stepOf(id).label,
            state: id === progress.current ? "current" : state,
          }))}
        />
        {children}
      </div>
    </PublicPage>
  )
}
