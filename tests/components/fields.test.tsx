import { expect, test } from "vitest"
import { Button } from "~/components/ui/button"
import { Checkbox } from "~/components/ui/checkbox"
import { CodeInput } from "~/components/ui/code-input"
import { Field } from "~/components/ui/field"
import { Form } from "~/components/ui/form"
import { Honeypot } from "~/components/ui/honeypot"
import { RadioCards } from "~/components/ui/radio-cards"
import { Select } from "~/components/ui/select"
import { TextInput } from "~/components/ui/text-input"
import { attribute, element, elements, html } from "./stage"

const wrong = { fields: { email: ["This is not an address.", "Too short."] }, values: { email: "alice@" } }

test("[H1] a field's label, hint and error are tied to its input", () => {
  const page = html(
    <Form problem={wrong}>
      <Field name="email" label="E-mail address" hint="The one you use at work.">
        <TextInput type="email" />
      </Field>
    </Form>,
  )
  const input = element(page, "input", { name: "email" })
  const id = attribute(input, "id")
  expect(attribute(element(page, "label"), "for")).toBe(id)
  expect(attribute(input, "aria-invalid")).toBe("true")
  expect(attribute(input, "aria-describedby")).toBe(`${id}-hint ${id}-error`)
  expect(page).toContain(`id="${id}-hint"`)
  expect(attribute(element(page, "p", { id: `${id}-error` }), "aria-live")).toBe("polite")
  expect(page).toContain("This is not an address.")
})

test("[H1] a field with nothing wrong is not called invalid and describes nothing", () => {
  const page = html(
    <Field name="email" label="E-mail address">
      <TextInput />
    </Field>,
  )
  const input = element(page, "input")
  expect(attribute(input, "aria-invalid")).toBeUndefined()
  expect(attribute(input, "aria-describedby")).toBeUndefined()
})

test("[L18] what was typed is still there after a refusal without JavaScript", () => {
  const page = html(
    <Form problem={{ values: { email: "alice@", role: "admin", plan: "starter" } }}>
      <Field name="email" label="E-mail address">
        <TextInput defaultValue="other" />
      </Field>
      <Field name="role" label="Role">
        <Select
          options={[
            { value: "member", label: "Member" },
            { value: "admin", label: "Admin" },
          ]}
        />
      </Field>
      <RadioCards
        name="plan"
        legend="Plan"
        defaultValue="professional"
        options={[
          { value: "starter", title: "Starter" },
          { value: "professional", title: "Professional" },
        ]}
      />
    </Form>,
  )
  expect(attribute(element(page, "input", { name: "email" }), "value")).toBe("alice@")
  expect(element(page, "option", { value: "admin" })).toContain("selected")
  expect(element(page, "input", { value: "starter" })).toContain("checked")
  expect(element(page, "input", { value: "professional" })).not.toContain("checked")
})

test("[H1] several mistakes are listed on top, each leading to its field", () => {
  const page = html(
    <Form
      problem={{ fields: { email: "Not an address.", terms: "Please agree first.", plan: "Choose a plan." } }}
    >
      <Field name="email" label="E-mail address">
        <TextInput />
      </Field>
      <Checkbox name="terms" label="I agree" />
      <RadioCards name="plan" legend="Plan" options={[{ value: "starter", title: "Starter" }]} />
    </Form>,
  )
  const summary = element(page, "div", { "data-form-summary": "true" })
  expect(attribute(summary, "role")).toBe("alert")
  expect(attribute(summary, "tabindex")).toBe("-1")
  const targets = elements(page, "a").map(link => attribute(link, "href")?.slice(1))
  expect(targets).toHaveLength(3)
  for (const target of targets) expect(page).toContain(` id="${target}"`)
})

test("[H1] one mistake is said at its field only, a message about the whole form always", () => {
  const field = (
    <Field name="email" label="E-mail address">
      <TextInput />
    </Field>
  )
  expect(html(<Form problem={wrong}>{field}</Form>)).not.toContain("data-form-summary")
  expect(html(<Form problem={{ message: "The code is wrong." }}>{field}</Form>)).toContain(
    "The code is wrong.",
  )
})

test("[L4] the code's input is filled by the phone, in capitals, with room for spaces", () => {
  const page = html(
    <Field name="code" label="Code">
      <CodeInput />
    </Field>,
  )
  const input = element(page, "input")
  expect(attribute(input, "autocomplete")).toBe("one-time-code")
  expect(attribute(input, "autocapitalize")).toBe("characters")
  expect(attribute(input, "inputmode")).toBe("text")
  expect(Number(attribute(input, "maxlength"))).toBeGreaterThan(11)
})

test("[L21] the trap is out of reach for people: no focus, no autofill, not spoken", () => {
  const page = html(<Honeypot time={{ name: "seen", value: "signed" }} />)
  const trap = element(page, "input", { name: "website" })
  expect(attribute(trap, "tabindex")).toBe("-1")
  expect(attribute(trap, "autocomplete")).toBe("off")
  expect(attribute(element(page, "div"), "aria-hidden")).toBe("true")
  expect(attribute(element(page, "input", { name: "seen" }), "value")).toBe("signed")
})

test("[L18] a form posts and its button submits without JavaScript", () => {
  const page = html(
    <Form action="/login">
      <Button>Send me a link</Button>
    </Form>,
  )
  expect(attribute(element(page, "form"), "method")).toBe("post")
  expect(attribute(element(page, "form"), "action")).toBe("/login")
  expect(attribute(element(page, "button"), "type")).toBe("submit")
})
