"use strict";
(() => {
  const form = document.querySelector("form");
  const [search, order, count] = [form.querySelector("input"), form.querySelector("select"), form.querySelector("output")];
  const sections = [...document.querySelectorAll("main > section")];
  const songs = sections.flatMap((section) =>
    [...section.querySelectorAll(".song")].map((card) => ({
      card,
      section,
      text: card.textContent.toLowerCase(),
      title: card.querySelector("h3").textContent,
    })),
  );
  const all = document.createElement("section");
  document.querySelector("main").append(all);

  // Of a figure that is not known, as of a song that failed, there is nothing to be said: it stands at the end.
  const figure = (song, name, unknown) => Number(song.card.dataset[name] ?? unknown);
  const orders = {
    title: (a, b) => a.title.localeCompare(b.title),
    sure: (a, b) => figure(a, "sure", 2) - figure(b, "sure", 2),
    sync: (a, b) => figure(b, "sync", -1) - figure(a, "sync", -1),
    seconds: (a, b) => figure(b, "seconds", -1) - figure(a, "seconds", -1),
  };

  const filter = () => {
    const words = search.value.toLowerCase().split(/\s+/);
    let shown = 0;
    for (const song of songs) {
      song.card.hidden = !words.every((word) => song.text.includes(word));
      shown += !song.card.hidden;
    }
    for (const section of sections) section.hidden = !section.querySelector(".song:not([hidden])");
    count.textContent = shown === songs.length ? `${shown} songs` : `${shown} of ${songs.length} songs`;
  };
  const arrange = () => {
    const by = orders[order.value];
    if (by) all.append(...[...songs].sort(by).map((song) => song.card));
    else for (const song of songs) song.section.append(song.card);
    filter();
  };

  search.addEventListener("input", filter);
  order.addEventListener("change", arrange);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.hidden = songs.length < 2;
  arrange(); // a browser may have kept what was typed before a reload
})();
