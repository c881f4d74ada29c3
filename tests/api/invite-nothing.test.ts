import { expect, test } from "vitest"
import { programOf } from "../support/callers"
import { setUpWorld } from "../support/world"

const world = setUpWorld()
const path = "/api/organizations/acme/invitations"

test("[O3] inviting answers 201 when a mail is on its way to anybody, and 200 when nothing was to be done", async () => {
  const w = await world()
  const alice = await programOf(w, w.cast.alice)
  const ask = async (emails: string[]) => {
    const { status, json } = await alice.call("POST", path, { emails, role: "member" })
    return [status, json.data.map(({ outcome }: { outcome: string }) => outcome)]
  }
  expect(await ask(["new@x.test", "no address"])).toEqual([201, ["invited", "no_address"]])
  expect(await ask(["new@x.test", "no address"])).toEqual([200, ["just_sent", "no_address"]])
})
