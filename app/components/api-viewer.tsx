import { useEffect, useId, useRef, useState } from "react"
import { type Areas, EndpointList } from "~/components/api-endpoints"
import { viewerParts, wrappedParts } from "~/components/api-viewer-parts"
import { inputLook, inputSize } from "~/components/ui/field-context"
import stylesheet from "~/styles/api-viewer.css?url"

type Props = { document: string; areas: Areas; caller: string | undefined }

/** The list of endpoints as it stands, until Swagger UI has taken its place in browsers that run scripts. */
export function ApiViewer({ document, areas, caller }: Props) {
  const place = useRef<HTMLDivElement>(null)
  const bearer = useRef<HTMLInputElement>(null)
  const [shown, setShown] = useState(false)
  useEffect(() => {
    let gone = false
    void import("swagger-ui-dist/swagger-ui-es-bundle.js").then(({ default: show }) => {
      if (gone || !place.current) return
      show({
        domNode: place.current,
        url: document,
        layout: "ViewerLayout",
        plugins: [{ components: viewerParts, wrapComponents: wrappedParts }],
        defaultModelExpandDepth: 3,
        requestInterceptor: request => {
          const token = bearer.current?.value.trim()
          if (token) request.headers.Authorization = `Bearer ${token}`
          return request
        },
        onComplete: () => setShown(true),
      })
    })
    return () => {
      gone = true
    }
  }, [document])
  return (
    <>
      <link rel="stylesheet" href={stylesheet} />
      <Caller caller={caller} field={bearer} />
      <div ref={place} />
      {!shown && <EndpointList areas={areas} />}
    </>
  )
}

/** As whom the page calls. What is typed stays in the field: it is sent with the calls and kept nowhere. */
function Caller({ caller, field }: { caller: string | undefined; field: React.RefObject<HTMLInputElement> }) {
  const id = useId()
  return (
    <div className="needs-script mt-6 flex flex-col gap-1.5 rounded-md border border-line bg-surface p-4">
      <label htmlFor={id} className="font-medium text-ink text-sm">
        Access token or API key
      </label>
      <input
        ref={field}
        id={id}
        type="password"
        autoComplete="off"
        aria-describedby={`${id}-hint`}
        className={`${inputLook} ${inputSize} max-w-md font-mono`}
      />
      <p id={`${id}-hint`} className="text-ink-soft text-sm">
        “Try it out” really calls this installation: what it changes is changed.{" "}
        {caller
          ? `It calls as ${caller}, who is signed in here, unless you give a token or key.`
          : "You are not signed in here, so calls that need somebody need a token or key."}
      </p>
    </div>
  )
}
