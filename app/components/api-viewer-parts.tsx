/*
 * Parts of Swagger UI drawn by us. They run in its React, not in ours, so none of them may use a hook, nor anything that does.
 */
import type { ComponentType, ReactNode } from "react"
import { areaHeading, areaId, EndpointLine, endpointLine } from "~/components/api-endpoints"
import { classNames } from "~/components/class-names"
import { buttonLook } from "~/components/ui/button"

type GetComponent = (name: string, container?: true) => ComponentType<Record<string, unknown>>

/** The document, or a part of it, as Swagger UI keeps it. */
type Branch = {
  size: number
  get: (key: string) => string | undefined
  getIn: (path: string[]) => Branch | undefined
  toJS: () => unknown
  entrySeq: () => { toArray: () => [name: string, branch: Branch][] }
}

type Sent = { setIn: (path: string[], value: string) => unknown }

type SpecSelectors = { specJson: () => Branch; mutatedRequestFor: (path: string, method: string) => Sent }

/** Nothing around the operations: title, introduction and who calls stand on our page. */
function ViewerLayout(props: { getComponent: GetComponent; specSelectors: SpecSelectors }) {
  const { getComponent, specSelectors } = props
  const Operations = getComponent("operations", true)
  return <div className="swagger-ui">{specSelectors.specJson().size > 0 && <Operations />}</div>
}

type Tagged = { tag: string; tagObj: { get: (key: "operations") => { size: number } }; children: ReactNode }

function OperationTag({ tag, tagObj, children }: Tagged) {
  if (tagObj.get("operations").size === 0) return null
  return (
    <section>
      <h3 id={areaId(tag)} className={areaHeading}>
        {tag}
      </h3>
      {children}
    </section>
  )
}

type SummaryProps = { isShown: boolean; toggleShown: () => void; operationProps: Branch }

function OperationSummary({ isShown, toggleShown, operationProps }: SummaryProps) {
  const method = operationProps.get("method") ?? ""
  return (
    <button
      type="button"
      aria-expanded={isShown}
      onClick={toggleShown}
      className={classNames(endpointLine, "rounded-md hover:bg-sunken")}
    >
      <EndpointLine
        method={method.toUpperCase()}
        path={operationProps.get("path") ?? ""}
        summary={operationProps.get("summary") ?? ""}
      />
      <Chevron up={isShown} />
    </button>
  )
}

function Chevron({ up }: { up: boolean }) {
  const look = classNames("size-4 shrink-0 fill-none stroke-2 stroke-current", up && "rotate-180")
  return (
    <svg viewBox="0 0 24 24" className={look} aria-hidden="true">
      <path d="m6 9 6 6 6-6" />
    </svg>
  )
}

type TryItOut = { enabled: boolean; onTryoutClick: () => void; onCancelClick: () => void }

function TryItOutButton({ enabled, onTryoutClick, onCancelClick }: TryItOut) {
  const look = buttonLook({ kind: "secondary", size: "small" })
  return (
    <button type="button" className={`${look} try-it-out`} onClick={enabled ? onCancelClick : onTryoutClick}>
      {enabled ? "Cancel" : "Try it out"}
    </button>
  )
}

type ResponsesProps = {
  responses: Branch
  tryItOutResponse?: Branch
  path: string
  method: string
  specPath: { push: (...names: string[]) => unknown }
  specSelectors: SpecSelectors
  getComponent: GetComponent
  getConfigs: unknown
  fn: { getSampleSchema: (schema: unknown, type: string, options: object) => string | object }
}

/** Success with its shape; of the failures, which all have one shape, only what they mean. */
function Responses({ responses, tryItOutResponse, ...rest }: ResponsesProps) {
  const Markdown = rest.getComponent("Markdown", true)
  const LiveResponse = rest.getComponent("liveResponse")
  return (
    <div className="opblock-section">
      <div aria-live="polite">
        {tryItOutResponse && <LiveResponse response={tryItOutResponse} {...rest} />}
      </div>
      <h4>Answers</h4>
      <dl className="answers">
        {responses
          .entrySeq()
          .toArray()
          .map(([status, response]) => (
            <div key={status}>
              <dt>{status}</dt>
              <dd>
                <Markdown source={response.get("description")} />
                {status < "300" && <Shape status={status} response={response} {...rest} />}
              </dd>
            </div>
          ))}
      </dl>
    </div>
  )
}

type ShapeProps = Omit<ResponsesProps, "responses"> & { status: string; response: Branch }

function Shape({ status, response, specPath, fn, getComponent, getConfigs, specSelectors }: ShapeProps) {
  const schema = response.getIn(["content", json, "schema"])
  if (!schema) return null
  const ModelExample = getComponent("modelExample", true)
  const sample = fn.getSampleSchema(schema.toJS(), json, { includeReadOnly: true })
  const example = <Code>{typeof sample === "string" ? sample : JSON.stringify(sample, null, 2)}</Code>
  const place = specPath.push(status, "content", json, "schema")
  return <ModelExample {...{ schema, example, specPath: place, getComponent, getConfigs, specSelectors }} />
}

const json = "application/json"

type Live = {
  response: { get: (key: "status" | "text" | "error") => unknown }
  path: string
  method: string
  specSelectors: SpecSelectors
  getComponent: GetComponent
}

/** What was sent, as curl, and what came back. */
function LiveResponse({ response, path, method, specSelectors, getComponent }: Live) {
  const Curl = getComponent("curl", true)
  const sent = specSelectors.mutatedRequestFor(path, method)
  const text = response.get("text")
  const failed = response.get("error") && !text
  return (
    <div className="mb-6">
      {/* Browsers add the origin by themselves; curl does not, and is refused without. */}
      <Curl request={method === "get" ? sent : sent.setIn(["headers", "Origin"], location.origin)} />
      <h4 className="mt-6">Answer</h4>
      {failed ? (
        <p>Nothing came back. See the browser’s console for the reason.</p>
      ) : (
        <p>
          <strong>{String(response.get("status"))}</strong>
        </p>
      )}
      {typeof text === "string" && text !== "" && <Code>{indented(text)}</Code>}
    </div>
  )
}

function indented(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text
  }
}

function Code({ children }: { children?: ReactNode }) {
  return <pre>{children}</pre>
}

function Nothing() {
  return null
}

type AccordionProps = {
  expanded?: boolean
  onChange: (event: unknown, expanded: boolean) => void
  children?: ReactNode
}

/** Opens and shuts what a field is made of. The whole has no name of its own. */
function Accordion({ expanded = false, onChange, children }: AccordionProps) {
  return (
    <button
      type="button"
      aria-expanded={expanded}
      onClick={event => onChange(event, !expanded)}
      className="inline-flex items-center gap-1"
    >
      {children}
      <span className="sr-only">, its fields</span>
      <Chevron up={expanded} />
    </button>
  )
}

function KeywordEnum({ schema }: { schema: { enum?: unknown[] } }) {
  if (!Array.isArray(schema.enum)) return null
  return (
    <p>
      One of: <span>{schema.enum.map(String).join(", ")}</span>
    </p>
  )
}

type Choice = { schema: { anyOf?: { type?: string; properties?: object }[] } }

/** The alternatives of a field, but for “or null”, which its type says already. */
function KeywordAnyOf(Original: ComponentType<Choice>) {
  return function AnyOf(props: Choice) {
    const others = props.schema.anyOf?.filter(({ type }) => type !== "null") ?? []
    const [only] = others
    return others.length === 1 && !only?.properties ? null : <Original {...props} />
  }
}

/** By the names under which Swagger UI looks for them. */
export const viewerParts = {
  ViewerLayout,
  OperationTag,
  OperationSummary,
  TryItOutButton,
  responses: Responses,
  liveResponse: LiveResponse,
  HighlightCode: Code,
  SyntaxHighlighter: Code,
  // Every body and answer of ours is JSON: there is nothing to choose.
  contentType: Nothing,
  JSONSchema202012Accordion: Accordion,
  JSONSchema202012ExpandDeepButton: Nothing,
  JSONSchema202012KeywordEnum: KeywordEnum,
  JSONSchema202012KeywordAdditionalProperties: Nothing,
}

/** Drawn by Swagger UI, around which something of ours decides. */
export const wrappedParts = { JSONSchema202012KeywordAnyOf: KeywordAnyOf }
