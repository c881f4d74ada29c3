import { expect, test } from "vitest"
import { call, codeOf } from "../support/mailed-program"
import { type House, setUpHouse } from "./house"
import { cutOff } from "./visitor"

const house = setUpHouse()
const verify = "/api/auth/verify"
const chosen = { name: "Nell New", email: "nell@new.test", password: "lanterns drift over slow water" }

async function register(h: House) {
  const { json } = await call(h.browser(), "/api/auth/register", chosen)
  const mail = await h.mailbox.waitFor(chosen.email, undefined, 15_000)
  await h.settled()
  const token = new URL(mail.link).searchParams.get("token") ?? ""
  return { request: json.request, token, code: mail.code }
}

test("[L6] killed before the commit of a sign-in by API, link, code and what was chosen are as good as before", async () => {
  const h = await house({ crashAt: "sign-in.before-commit" })
  const { request, token, code } = await register(h)
  expect(await cutOff(call(h.browser(), verify, { token, request }))).toBe(true)
  await h.died()
  expect(["Session", "User", "Registration"].map(h.count)).toEqual([0, 0, 1])
  expect(h.rows("SELECT usedAt, wrongCodes FROM Link WHERE purpose = 'sign_in'")).toEqual([
    { usedAt: null, wrongCodes: 0 },
  ])
  await h.start()
  const entered = await call(h.browser(), verify, { request, code })
  expect(entered.json).toMatchObject({ status: "signed_in", registration: "kept" })
  expect(["Session", "RefreshToken", "Registration"].map(h.count)).toEqual([1, 1, 0])
  expect(codeOf(await call(h.browser(), verify, { token, request }))).toEqual([410, "link_used"])
})

test("[L5] the count of wrong codes survives a kill, by API, too", async () => {
  const h = await house()
  const { request, token, code } = await register(h)
  const wrong = { request, code: code === "000000" ? "000001" : "000000" }
  for (let i = 0; i < 3; i++) await call(h.browser(), verify, wrong)
  await h.start()
  for (let i = 0; i < 3; i++) expect(codeOf(await call(h.browser(), verify, wrong))[1]).toBe("code_wrong")
  expect(codeOf(await call(h.browser(), verify, { request, code }))).toEqual([400, "code_wrong"])
  expect((await call(h.browser(), verify, { token, request })).json.registration).toBe("kept")
})
