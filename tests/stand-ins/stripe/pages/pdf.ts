export interface PdfText {
  x: number
  /** Points from the top of the page. */
  y: number
  text: string
  size?: number
  bold?: boolean
  /** The text ends at x instead of beginning there. */
  right?: boolean
}

const HEIGHT = 842
const WIDTH = 595

// The width of Helvetica's digits and capitals is close enough to .55 em to set figures flush right.
const widthOf = (text: string, size: number) =>
  Array.from(text, character => (/[.,:\s'|il]/.test(character) ? 0.278 : 0.556)).reduce(
    (sum, width) => sum + width,
    0,
  ) * size

// Text of a PDF's standard fonts is WinAnsi; what that cannot say becomes a question mark.
const WIN_ANSI: Record<string, string> = {
  "–": "\x96",
  "—": "\x97",
  "€": "\x80",
  "’": "\x92",
  "×": "\xd7",
  "•": "\x95",
}

function literal(text: string): string {
  const characters = Array.from(
    text,
    one => WIN_ANSI[one] ?? (one.charCodeAt(0) < 256 && one.length === 1 ? one : "?"),
  )
  return `(${characters.join("").replace(/[\\()]/g, "\\$&")})`
}

/**
 * A one-page A4 PDF of lines of text and horizontal rules, in Helvetica.
 * Source: PDF 1.4 reference, chapters 3.4 (file structure) and 5.3 (text).
 */
export function pdf(texts: PdfText[], rules: number[]): Buffer {
  const drawn = texts.map(({ x, y, text, size = 10, bold = false, right = false }) => {
    const left = right ? x - widthOf(text, size) : x
    return `BT /F${bold ? 2 : 1} ${size} Tf ${left.toFixed(1)} ${HEIGHT - y} Td ${literal(text)} Tj ET`
  })
  const lines = rules.map(y => `0.8 G 0.7 w 56 ${HEIGHT - y} m ${WIDTH - 56} ${HEIGHT - y} l S`)
  const content = [...lines, ...drawn].join("\n")
  const font = (name: string) =>
    `<< /Type /Font /Subtype /Type1 /BaseFont /${name} /Encoding /WinAnsiEncoding >>`
  const objects = [
    "<< /Type /Catalog /Pages 2 0 R >>",
    "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${WIDTH} ${HEIGHT}] /Contents 4 0 R /Resources << /Font << /F1 5 0 R /F2 6 0 R >> >> >>`,
    `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
    font("Helvetica"),
    font("Helvetica-Bold"),
  ]
  let file = "%PDF-1.4\n"
  const offsets = objects.map((object, index) => {
    const offset = file.length
    file += `${index + 1} 0 obj\n${object}\nendobj\n`
    return offset
  })
  const table = offsets.map(offset => `${String(offset).padStart(10, "0")} 00000 n \n`).join("")
  const trailer = `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${file.length}\n%%EOF\n`
  return Buffer.from(
    `${file}xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${table}${trailer}`,
    "latin1",
  )
}
