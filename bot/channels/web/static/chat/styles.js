/** The looks of the chat; its colours come from `tokens.css`. The order counts where two rules are of equal weight. */

import { controls } from "./styles/controls.js";
import { conversation } from "./styles/conversation.js";
import { form } from "./styles/form.js";
import { layout } from "./styles/layout.js";
import { uploads } from "./styles/uploads.js";

export const styles = [layout, controls, conversation, form, uploads];
