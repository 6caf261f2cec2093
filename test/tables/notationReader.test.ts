import { expect } from "chai";
import { faultOfDateForm } from "../../src/tables/cells/DateForm.js";
import { NotationReader } from "../../src/tables/cells/NotationReader.js";
import type { TextNotation } from "../../src/tables/cells/TextNotation.js";

const comma: TextNotation = { decimal: "," };
const german: TextNotation = { decimal: ",", thousands: "." };
const swiss: TextNotation = { thousands: "'" };
const french: TextNotation = { decimal: ",", thousands: " " };
const english: TextNotation = { thousands: "," };

describe("the notation of texts", () => {
  const cases: [title: string, notation: TextNotation, text: string, canonical: string | undefined][] = [
    ["keeps a number of JSON", {}, "1.5", "1.5"],
    ["keeps other texts", {}, "1.234,50", "1.234,50"],
    ["reads a decimal comma", comma, "1,5", "1.5"],
    ["keeps zeros at the end", comma, "12,00", "12.00"],
    ["reads a sign and an exponent", comma, "-2,5e3", "-2.5e3"],
    ["keeps a plus, which no number of JSON has", comma, "+1,5", "+1.5"],
    ["reads no whole digits", comma, ",5", ".5"],
    ["takes no point for a decimal comma", comma, "1.5", undefined],
    ["takes no point with an exponent for a decimal comma", comma, "-1.5e3", undefined],
    ["keeps whole numbers beside a decimal comma", comma, "15", "15"],
    ["keeps codes beside a decimal comma", comma, "1.2.3", "1.2.3"],
    ["reads groups of digits", german, "1.234,50", "1234.50"],
    ["reads groups without decimal digits", german, "-1.234.567", "-1234567"],
    ["reads numbers without groups", german, "1234,5", "1234.5"],
    ["takes no group of one digit", german, "1.5", undefined],
    ["takes no group after a zero", german, "0.123", undefined],
    ["takes no group of four digits", german, "1.2345,6", "1.2345,6"],
    ["takes no digits beside groups", german, "1234.567,8", "1234.567,8"],
    ["reads apostrophes", swiss, "1'234'567.5", "1234567.5"],
    ["reads typographic apostrophes", swiss, "1’234.5", "1234.5"],
    ["takes no mixture of separators", swiss, "1'234’567", "1'234’567"],
    ["reads spaces", french, "1 234,5", "1234.5"],
    ["takes no space at the end", french, "12\u00a0345\u202f", "12\u00a0345\u202f"],
    ["reads narrow spaces", french, "12\u202f345", "12345"],
    ["reads commas between groups", english, "1,234.5", "1234.5"],
    ["takes no decimal comma for a group", english, "1,5", "1,5"],
    ["keeps a point beside commas between groups", english, "1.5", "1.5"],
    ["reads a day", { dates: ["dd.MM.yyyy"] }, "31.12.2024", "2024-12-31"],
    ["reads a time after a day", { dates: ["dd.MM.yyyy"] }, "31.12.2024 14:05", "2024-12-31T14:05"],
    ["reads seconds", { dates: ["dd.MM.yyyy HH:mm:ss"] }, "31.12.2024 14:05:06.5", "2024-12-31T14:05:06.5"],
    ["reads one digit", { dates: ["d/M/yyyy"] }, "5/6/2024", "2024-06-05"],
    ["takes one digit for none of two", { dates: ["dd/MM/yyyy"] }, "5/6/2024", "5/6/2024"],
    ["reads a date without separators", { dates: ["yyyyMMdd"] }, "20241231", "2024-12-31"],
    ["reads a space in an ISO time", { dates: ["yyyy-MM-dd HH:mm:ss"] }, "2024-02-29 12:30:00", "2024-02-29T12:30:00"],
    ["keeps ISO dates", { dates: ["dd.MM.yyyy"] }, "2024-12-31", "2024-12-31"],
    ["takes no day that there is not", { dates: ["dd.MM.yyyy"] }, "30.02.2024", "30.02.2024"],
    ["takes no time that there is not", { dates: ["dd.MM.yyyy"] }, "01.02.2024 24:30", "01.02.2024 24:30"],
    ["takes the first form that fits", { dates: ["MM/dd/yyyy", "dd/MM/yyyy"] }, "31/12/2024", "2024-12-31"],
    ["reads marks of empty cells", { nullMarks: ["n/a", "-999"] }, "-999", ""],
    ["keeps what contains a mark", { nullMarks: ["n/a"] }, "n/a today", "n/a today"],
  ];
  for (const [title, notation, text, canonical] of cases)
    it(title, () => {
      expect(new NotationReader(notation).canonical(text)).to.equal(canonical);
    });

  it("refuses forms that are no date", () => {
    for (const form of ["dd.MM.yyyy", "M/d/yyyy", "yyyyMMdd", "dd.MM.yyyy HH:mm", "yyyy-MM-ddTHH:mm:ss"])
      expect(faultOfDateForm(form), form).to.equal(undefined);
    expect(faultOfDateForm("dd.MM")).to.equal("lacks yyyy, MM or dd");
    expect(faultOfDateForm("dd.MM.yyyy d")).to.equal("names a part twice");
    expect(faultOfDateForm("dd.MM.yyyy mm")).to.equal("has minutes or seconds without HH");
  });
});
