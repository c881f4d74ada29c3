import { toString as draw } from "qrcode"

/** A QR code of this text as an image address: dark on white, in a dark theme too, or no camera reads it. */
export async function qrCode(text: string): Promise<string> {
  const svg = await draw(text, { type: "svg", margin: 3, errorCorrectionLevel: "M" })
  return `data:image/svg+xml;base64,${Buffer.from(svg).toString("base64")}`
}
