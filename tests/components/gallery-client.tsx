import { hydrateRoot } from "react-dom/client"
import { scenes } from "./gallery"
import { scenePaths } from "./gallery-paths"
import { stage } from "./stage"

const place = document.getElementById("stage")
const scene = place?.dataset.scene ?? ""
if (place) hydrateRoot(place, stage(scenes[scene], scenePaths[scene]))
