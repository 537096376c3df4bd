/**
 * The co-appearances of characters in Les Misérables, with the number of chapters: 77 characters, 254 pairs. Facts of
 * D. E. Knuth, The Stanford GraphBase (1993), as in networkx 3.6.1 (`les_miserables_graph`), whose names of the
 * characters are kept. Each pair is listed once, under the one of the two with more pairs.
 */
const table = `
Valjean: Gavroche 1, Marius 19, Javert 17, Thenardier 12, Enjolras 4, Fantine 9, Bossuet 1, Cosette 31, MmeThenardier 7, Babet 1, Claquesous 1, Gueulemer 1, Myriel 5, Montparnasse 1, Bamatabois 2, Gillenormand 2, MlleGillenormand 2, Brevet 2, Champmathieu 3, Chenildieu 2, Cochepaille 2, Judge 3, Fauchelevent 8, Simplice 3, MlleBaptistine 3, MmeMagloire 3, Toussaint 1, Woman2 3, Marguerite 1, MotherInnocent 1, Woman1 2, Gervais 1, Isabeau 1, Labarre 1, MmeDeR 1, Scaufflaire 1
Gavroche: Marius 4, Javert 1, Thenardier 1, Enjolras 7, Bossuet 5, Courfeyrac 7, Bahorel 5, Joly 3, Combeferre 6, Feuilly 2, Mabeuf 1, Babet 1, Grantaire 1, Gueulemer 1, Montparnasse 1, Prouvaire 1, Brujon 1, MmeHucheloup 1, Child1 2, Child2 2, MmeBurgon 2
Marius: Thenardier 2, Enjolras 7, Bossuet 5, Courfeyrac 9, Bahorel 1, Joly 2, Combeferre 5, Cosette 21, Eponine 5, Feuilly 1, Mabeuf 1, Tholomyes 1, Gillenormand 12, MlleGillenormand 6, LtGillenormand 1, Pontmercy 1, BaronessT 1
Javert: Thenardier 5, Enjolras 6, Fantine 5, Cosette 1, MmeThenardier 1, Babet 2, Claquesous 1, Gueulemer 1, Montparnasse 1, Bamatabois 1, Fauchelevent 1, Simplice 1, Toussaint 1, Woman2 1, Woman1 1
Thenardier: Fantine 1, Cosette 1, Eponine 3, MmeThenardier 13, Babet 6, Claquesous 4, Gueulemer 5, Montparnasse 1, Brujon 3, Anzelma 2, Pontmercy 1, Boulatruelle 1
Enjolras: Bossuet 10, Courfeyrac 17, Bahorel 4, Joly 5, Combeferre 15, Feuilly 6, Mabeuf 1, Claquesous 1, Grantaire 3, Prouvaire 4, MmeHucheloup 1
Fantine: MmeThenardier 2, Tholomyes 3, Bamatabois 1, Blacheville 3, Dahlia 4, Fameuil 3, Favourite 4, Listolier 3, Zephine 4, Simplice 2, Marguerite 2, Perpetue 1
Bossuet: Courfeyrac 12, Bahorel 4, Joly 7, Combeferre 9, Feuilly 6, Mabeuf 1, Grantaire 3, Prouvaire 2, MmeHucheloup 1
Courfeyrac: Bahorel 6, Joly 5, Combeferre 13, Eponine 1, Feuilly 6, Mabeuf 2, Grantaire 2, Prouvaire 3, MmeHucheloup 1
Bahorel: Joly 5, Combeferre 5, Feuilly 3, Mabeuf 2, Grantaire 1, Prouvaire 2, MmeHucheloup 1
Joly: Combeferre 5, Feuilly 5, Mabeuf 1, Grantaire 2, Prouvaire 2, MmeHucheloup 1
Combeferre: Feuilly 5, Mabeuf 2, Grantaire 1, Prouvaire 2
Cosette: MmeThenardier 4, Tholomyes 1, Gillenormand 3, MlleGillenormand 2, LtGillenormand 1, Toussaint 2, Woman2 1
Eponine: Mabeuf 1, MmeThenardier 2, Babet 1, Claquesous 1, Gueulemer 1, Montparnasse 1, Brujon 1, Anzelma 2
Feuilly: Mabeuf 1, Grantaire 1, Prouvaire 2
Mabeuf: MotherPlutarch 3
MmeThenardier: Babet 1, Claquesous 1, Gueulemer 1, Anzelma 1, Magnon 1
Babet: Claquesous 4, Gueulemer 6, Montparnasse 2, Brujon 3
Claquesous: Gueulemer 4, Montparnasse 2, Brujon 1
Grantaire: Prouvaire 1, MmeHucheloup 1
Gueulemer: Montparnasse 2, Brujon 3
Myriel: MlleBaptistine 8, MmeMagloire 10, Champtercier 1, Count 2, CountessDeLo 1, Cravatte 1, Geborand 1, Napoleon 1, OldMan 1
Montparnasse: Brujon 1
Tholomyes: Blacheville 4, Dahlia 3, Fameuil 4, Favourite 3, Listolier 4, Zephine 3
Bamatabois: Brevet 1, Champmathieu 2, Chenildieu 1, Cochepaille 1, Judge 2
Blacheville: Dahlia 3, Fameuil 4, Favourite 4, Listolier 4, Zephine 3
Dahlia: Fameuil 3, Favourite 5, Listolier 3, Zephine 4
Fameuil: Favourite 3, Listolier 4, Zephine 3
Favourite: Listolier 3, Zephine 4
Gillenormand: MlleGillenormand 9, LtGillenormand 1, BaronessT 1, Magnon 1
Listolier: Zephine 3
MlleGillenormand: LtGillenormand 2, MmePontmercy 1, MlleVaubois 1
Brevet: Champmathieu 2, Chenildieu 2, Cochepaille 2, Judge 2
Champmathieu: Chenildieu 2, Cochepaille 2, Judge 3
Chenildieu: Cochepaille 2, Judge 2
Cochepaille: Judge 2
Fauchelevent: MotherInnocent 3, Gribier 2
Simplice: Perpetue 2
MlleBaptistine: MmeMagloire 6
Pontmercy: MmePontmercy 1
Child1: Child2 3
MmeBurgon: Jondrette 1
`;

/** `weight`: the number of chapters in which both appear. */
export interface Coappearance {
  readonly a: string;
  readonly b: string;
  readonly weight: number;
}

/** Every pair once, in the order of the table. */
export const coappearances: readonly Coappearance[] = table
  .trim()
  .split('\n')
  .flatMap((line) => {
    const [a = '', others = ''] = line.split(': ');
    return others.split(', ').map((other) => {
      const [b = '', weight] = other.split(' ');
      return { a, b, weight: Number(weight) };
    });
  });
