/* The map's second painter: shows a scene that the console hands over as JSON, and nothing else.
   Texts become text nodes, never markup. Needs Leaflet as `L`. */
(function () {
  "use strict";
  var layers = [], labels = [], renderers = {}, scene = null, map = null;

  function url(picture, mime) { return "data:" + (mime || "image/png") + ";base64," + picture; }

  function style(ink, fill) {
    return {
      color: ink ? ink.color : "#000", opacity: ink ? ink.opacity : 0, weight: ink ? ink.width : 0,
      dashArray: ink && ink.dash.length ? ink.dash.join(" ") : null, stroke: !!ink,
      fill: !!fill, fillColor: fill ? fill.color : "#000", fillOpacity: fill ? fill.opacity : 0,
      lineCap: "butt", interactive: false
    };
  }

  /* A pane for each drawing: only so do pictures and lines lie in the order they were given in. */
  function paneOf(order) {
    var name = "drawing" + order;
    if (!map.getPane(name)) {
      map.createPane(name).style.zIndex = 210 + order;
      map.getPane(name).style.pointerEvents = "none";
    }
    return name;
  }

  function vector(made, ink, fill, pane) {
    var look = style(ink, fill);
    look.pane = pane;
    look.renderer = renderers[pane] = renderers[pane] || L.svg({ pane: pane, padding: 0.3 });
    return made(look);
  }

  function drawLines(item, pane) {
    (item.inks || []).forEach(function (ink) {
      layers.push(vector(function (look) { return L.polyline(item.lines, look); }, ink, null, pane).addTo(map));
    });
  }

  function drawAreas(item, pane) {
    layers.push(vector(function (look) { return L.polygon(item.rings, look); }, item.edge, item.fill, pane).addTo(map));
  }

  function drawRaster(item, pane) {
    var overlay = L.imageOverlay(url(item.picture), item.bounds, {
      opacity: item.opacity, className: item.smooth ? "" : "cells", interactive: false, pane: pane
    });
    layers.push(overlay.addTo(map));
  }

  /* A base map: what of it is in the page, and nothing from anywhere else. */
  function drawTiles(item, pane) {
    item.tiles.forEach(function (tile) {
      var overlay = L.imageOverlay(url(tile.picture, tile.mime), tile.bounds, {
        opacity: item.opacity, interactive: false, pane: pane
      });
      layers.push(overlay.addTo(map));
    });
  }

  /* One canvas for all symbols of a drawing: thousands of markers would be thousands of elements. */
  var Sprites = L.Layer.extend({
    initialize: function (item, pictures, pane) { this._item = item; this._pictures = pictures; this._where = pane; },
    onAdd: function (where) {
      this._canvas = L.DomUtil.create("canvas", "leaflet-layer sprites");
      where.getPane(this._where).appendChild(this._canvas);
      where.on("moveend zoomend resize viewreset", this._draw, this);
      this._draw();
    },
    onRemove: function (where) {
      this._canvas.remove();
      where.off("moveend zoomend resize viewreset", this._draw, this);
    },
    _draw: function () {
      var size = map.getSize(), corner = map.containerPointToLayerPoint([0, 0]), canvas = this._canvas;
      canvas.width = size.x; canvas.height = size.y;
      L.DomUtil.setPosition(canvas, corner);
      var ink = canvas.getContext("2d"), item = this._item, pictures = this._pictures;
      ink.globalAlpha = item.opacity;
      item.places.forEach(function (place, i) {
        var at = map.latLngToContainerPoint(place), picture = pictures[item.sprite[i]];
        if (picture && at.x > -40 && at.y > -40 && at.x < size.x + 40 && at.y < size.y + 40) {
          ink.drawImage(picture, Math.round(at.x - picture.width / 2), Math.round(at.y - picture.height / 2));
        }
      });
    }
  });

  function drawSymbols(item, pane) {
    var mine = scene, pictures = item.pictures.map(function (picture) {
      var image = new Image();
      image.src = url(picture);
      return image;
    });
    Promise.all(pictures.map(function (image) { return image.decode(); })).then(function () {
      if (scene === mine) { layers.push(new Sprites(item, pictures, pane).addTo(map)); }
    });
  }

  function placeLabels() {
    var taken = [], size = map.getSize(), box = document.getElementById("labels");
    box.textContent = "";
    scene.items.forEach(function (item) {
      if (item.kind !== "symbols") { return; }
      item.places.forEach(function (place, i) {
        var reach = item.keeps_off[item.sprite[i]];
        if (!reach) { return; }
        var at = map.latLngToContainerPoint(place);
        taken.push([at.x - reach, at.y - reach, at.x + reach, at.y + reach]);
      });
    });
    labels.forEach(function (label) {
      if (scale() > label.below) { return; }
      var at = map.latLngToContainerPoint(label.place);
      if (at.x < 0 || at.y < 0 || at.x > size.x || at.y > size.y) { return; }
      var wide = label.width, high = label.high, spots = label.dx
        ? [[label.dx, -high / 2], [-label.dx - wide, -high / 2], [-wide / 2, -label.dx - high], [-wide / 2, label.dx]]
        : [[-wide / 2, -high / 2]];
      for (var i = 0; i < spots.length; i++) {
        var left = at.x + spots[i][0], top = at.y + spots[i][1];
        var free = taken.every(function (other) {
          return left + wide + 2 <= other[0] || other[2] + 2 <= left || top + high <= other[1] || other[3] <= top;
        });
        if (!free) { continue; }
        taken.push([left, top, left + wide, top + high]);
        var text = document.createElement("span");
        text.textContent = label.text;
        text.style.cssText = "left:" + left + "px;top:" + top + "px;font-size:" + label.px + "px;color:" + label.color +
          ";text-shadow:" + ["-1px -1px", "1px -1px", "-1px 1px", "1px 1px", "0 0"].map(function (off) {
            return off + " 2px " + label.halo;
          }).join(",");
        box.appendChild(text);
        break;
      }
    });
  }

  function scale() { return 40075016.68557849 / 256 / Math.pow(2, map.getZoom()); }

  var painters = { raster: drawRaster, tiles: drawTiles, areas: drawAreas, lines: drawLines, symbols: drawSymbols };

  function show(made) {
    scene = made;
    layers.forEach(function (layer) { layer.remove(); });
    layers = []; labels = [];
    document.getElementById("title").textContent = scene.title;
    document.getElementById("note").textContent = scene.note;
    map.getContainer().style.background = scene.ground;
    scene.items.forEach(function (item, order) {
      if (painters[item.kind]) { painters[item.kind](item, paneOf(order)); }
    });
    labels = scene.labels;
    placeLabels();
  }

  function begin(known, made) {
    map = known;
    if (!document.getElementById("labels")) {
      ["labels", "title", "note"].forEach(function (id) {
        var part = document.createElement("div");
        part.id = id;
        map.getContainer().appendChild(part);
      });
    }
    map.on("moveend zoomend resize", placeLabels);
    show(made);
  }

  window.fengsui = {
    begin: begin, show: show,
    places: function (spots) {
      return spots.map(function (spot) { var at = map.latLngToContainerPoint(spot); return [at.x, at.y]; });
    },
    view: function (center, zoom) { map.setView(center, zoom, { animate: false }); }
  };
})();
