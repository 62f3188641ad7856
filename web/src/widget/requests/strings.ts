/** Every text of the second file. A language that lacks one does not compile. */
import type { RequestLine } from "../../api";
import type { Locale } from "../strings";

export interface Words {
  title: string;
  states: Record<RequestLine["state"], string>;
  from: string;
  unknownCustomer: string;
  choose: string;
  product: string;
  typeProduct: string;
  quantity: string;
  leaveOut: string;
  leftOut: string;
  putBack: string;
  change: string;
  asks: string;
  theirPrice: string;
  deadline: string;
  aside: string;
  make: string;
  making: string;
  open: string;
  used: string;
  console: string;
}

export const WORDS: Record<Locale, Words> = {
  hu: {
    title: "Ajánlatkérés",
    states: { sure: "biztos", unsure: "bizonytalan", unknown: "ismeretlen", settled: "eldöntve", left_out: "kihagyva" },
    from: "Ügyfél",
    unknownCustomer: "Nem derül ki, kitől jött. Írd be az ügyfél kódját:",
    choose: "Válassz …",
    product: "Termék",
    typeProduct: "Termék neve vagy cikkszáma",
    quantity: "Mennyiség",
    leaveOut: "Kihagyás",
    leftOut: "Kihagyva",
    putBack: "Mégis kell",
    change: "Módosítás",
    asks: "{percent}% kedvezményt kér (nem adjuk meg magától)",
    theirPrice: "az ő ára: {price} (nem számít)",
    deadline: "Határidő: {day}",
    aside: "Nem tekintettük tételnek",
    make: "Ajánlat készítése",
    making: "Készül az ajánlat …",
    open: "Még eldöntendő: {n}",
    used: "Elkészült belőle: {number}",
    console: "Megnyitás nagyban",
  },
  pl: {
    title: "Zapytanie ofertowe",
    states: { sure: "pewne", unsure: "niepewne", unknown: "nieznane", settled: "ustalone", left_out: "pominięte" },
    from: "Klient",
    unknownCustomer: "Nie wiadomo, od kogo jest. Wpisz kod klienta:",
    choose: "Wybierz …",
    product: "Produkt",
    typeProduct: "Nazwa lub kod produktu",
    quantity: "Ilość",
    leaveOut: "Pomiń",
    leftOut: "Pominięto",
    putBack: "Jednak dodaj",
    change: "Zmień",
    asks: "prosi o rabat {percent}% (nie jest przyznany)",
    theirPrice: "ich cena: {price} (bez znaczenia)",
    deadline: "Termin: {day}",
    aside: "Nie uznano za pozycje",
    make: "Utwórz ofertę",
    making: "Tworzenie oferty …",
    open: "Do rozstrzygnięcia: {n}",
    used: "Powstała z niego: {number}",
    console: "Otwórz w pełnym widoku",
  },
  en: {
    title: "Request",
    states: { sure: "sure", unsure: "unsure", unknown: "unknown", settled: "settled", left_out: "left out" },
    from: "Customer",
    unknownCustomer: "It does not say whom it is from. Type the customer's code:",
    choose: "Choose …",
    product: "Product",
    typeProduct: "Product's name or SKU",
    quantity: "Quantity",
    leaveOut: "Leave out",
    leftOut: "Left out",
    putBack: "Put back",
    change: "Change",
    asks: "asks for {percent}% discount (not granted by itself)",
    theirPrice: "their price: {price} (not used)",
    deadline: "Deadline: {day}",
    aside: "Not taken for lines",
    make: "Make the offer",
    making: "Making the offer …",
    open: "Still to be decided: {n}",
    used: "Made of it: {number}",
    console: "Open in full",
  },
};
