/**
 * Makes the logo that is kept from a picture somebody sent. What was sent is never kept, nor served: the picture is decoded and
 * drawn anew, so that neither hidden text, nor a place where a photo was taken, nor a page that pretends to be a picture passes
 * (OWASP File Upload). The kind is told by the first bytes, never by name or by what the browser claims; only the decoders of
 * these three kinds are open.
 */
import { mostBytes } from "~/domain/organizations/logo-words"
import { err, ok, type Result } from "~/lib/result"
import { log } from "~/platform/log.server"

/** Pixels on each side: sharp at four times the size it is shown at. */
export const logoSide = 256

/** A file of 1 MB can claim a thousand times as many. */
const mostPixels = 8_000_000
/** What a picture takes decoded in whole, as some kinds must be: 8 megapixels with four channels of 8 bits. */
const mostDecoded = 32 * 1024 * 1024
const mostSeconds = 5

export type PictureRefusal = "empty" | "too_many_bytes" | "other_kind" | "too_many_pixels" | "unreadable"

/** A square PNG without metadata; of moving pictures the first frame. What is not square keeps its shape on a clear ground. */
export async function drawLogo(sent: Buffer): Promise<Result<Buffer, PictureRefusal>> {
  if (sent.length === 0) return err("empty")
  if (sent.length > mostBytes) return err("too_many_bytes")
  if (!isKnownKind(sent)) return err("other_kind")
  const turn = last.then(() => draw(sent))
  last = turn.catch(() => undefined)
  return turn
}

/** One after the other: several at once would add up in memory. */
let last: Promise<unknown> = Promise.resolve()

async function draw(sent: Buffer): Promise<Result<Buffer, PictureRefusal>> {
  const sharp = await decoder()
  try {
    const { width, height, channels, depth } = await sharp(sent, { limitInputPixels: false }).metadata()
    const bytesEach = channels * (depth === "uchar" ? 1 : 2)
    if (width * height > mostPixels || width * height * bytesEach > mostDecoded) return err("too_many_pixels")
    const drawn = await sharp(sent, { limitInputPixels: mostPixels, pages: 1 })
      .timeout({ seconds: mostSeconds })
      .autoOrient()
      .resize(logoSide, logoSide, { fit: "contain", background: { r: 0, g: 0, b: 0, alpha: 0 } })
      .png({ compressionLevel: 9 })
      .toBuffer()
    return ok(drawn)
  } catch (error) {
    log.info({ trouble: error instanceof Error ? error.message : "" }, "a picture could not be read")
    return err("unreadable")
  }
}

/** Loaded with the first picture: it is large, and most starts never need it. */
async function decoder() {
  const { default: sharp } = await import("sharp")
  sharp.cache(false)
  sharp.concurrency(1)
  sharp.block({ operation: ["VipsForeignLoad"] })
  sharp.unblock({
    operation: ["VipsForeignLoadPngBuffer", "VipsForeignLoadJpegBuffer", "VipsForeignLoadWebpBuffer"],
  })
  return sharp
}

/** PNG (its specification, 5.2), JPEG (ITU T.81, B.1.1.3), WebP (RFC 9649, 2.4). */
function isKnownKind(sent: Buffer): boolean {
  const text = (from: number, to: number) => sent.toString("latin1", from, to)
  const png = text(0, 8) === "\x89PNG\r\n\x1a\n"
  const jpeg = text(0, 3) === "\xff\xd8\xff"
  const webp = text(0, 4) === "RIFF" && text(8, 12) === "WEBP"
  return png || jpeg || webp
}
