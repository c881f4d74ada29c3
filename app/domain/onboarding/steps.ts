/**
 * The guided set-up, as data [N1]: the order, the words, and when a step counts as done. A further step is one more entry (and
 * a fact, if it ticks itself). Client-safe: the page reads the words, the server the rules.
 */

/** What is true of an organisation, whoever made it so and wherever. */
export type SetUpFacts = {
  /** Someone who may set things up has a name. */
  guideHasName: boolean
  /** Somebody was invited, whatever became of it; or works here besides the one who began. */
  others: boolean
  /** A key to the API was made, whatever became of it. */
  hadKey: boolean
}

type Step = {
  id: string
  /** One or two words, for the row of steps. */
  label: string
  title: string
  words: string
  /** Ticks the step by itself. */
  isDone: (facts: SetUpFacts) => boolean
  /** Whether looking at it and saying "that is right" is enough to have done it. */
  byConfirming: boolean
}

export const steps = [
  {
    id: "profile",
    label: "Your name",
    title: "What should people call you?",
    words: "Your name is shown to the people you work with and in the invitations you send.",
    isDone: facts => facts.guideHasName,
    byConfirming: false,
  },
  {
    id: "workspace",
    label: "Organisation",
    title: "Is this your organisation’s name?",
    words: "It is shown to everyone who works here. You can change it now; the address stays.",
    isDone: () => false,
    byConfirming: true,
  },
  {
    id: "invite_member",
    label: "People",
    title: "Who works with you?",
    words: "Invite the first people. Each gets a mail with a link of their own.",
    isDone: facts => facts.others,
    byConfirming: false,
  },
  {
    id: "first_workflow",
    label: "API key",
    title: "Create your first API key",
    words: "With a key, a program of yours works with this organisation: a script, a server, a spreadsheet.",
    isDone: facts => facts.hadKey,
    byConfirming: false,
  },
] as const satisfies readonly Step[]

export type StepId = (typeof steps)[number]["id"]

export const stepIds = steps.map(step => step.id)

export type StepState = "open" | "done" | "skipped"

export type Progress = {
  steps: { id: StepId; state: StepState }[]
  /** The step to show; undefined once none is open. */
  current: StepId | undefined
  finished: boolean
  /** "Finish later" was the last word on it. */
  postponed: boolean
}

/** The step of this id. */
export function stepOf(id: StepId): Step & { id: StepId } {
  const found = steps.find(step => step.id === id)
  if (!found) throw new Error(`There is no set-up step ${id}.`)
  return found
}

/** What each step's state is, from what was written and what is true: done elsewhere is done, also after skipping. */
export function statesOf(
  written: ReadonlyMap<string, string>,
  facts: SetUpFacts,
): { id: StepId; state: StepState }[] {
  return steps.map(step => {
    const state = written.get(step.id)
    if (state === "done" || step.isDone(facts)) return { id: step.id, state: "done" }
    return { id: step.id, state: state === "skipped" ? "skipped" : "open" }
  })
}
