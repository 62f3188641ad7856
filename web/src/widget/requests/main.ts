/** The second file: handed to the widget that asked for it, through the one name it has on the page. */
import type { Make } from "../extra";
import { RequestCards } from "./cards";

const make: Make = (kit, host) => new RequestCards(kit, host);
(window.robo as unknown as { offers: Make }).offers = make;
