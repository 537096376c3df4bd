import type { LandscapeName } from './pictures/draw-landscape.ts';

/** A post and the replies to it. */
export interface Conversation {
  readonly by: string;
  readonly text: string;
  readonly picture?: { readonly landscape: LandscapeName; readonly altText: string };
  readonly replies?: readonly (readonly [by: string, text: string])[];
}

/** Written for this demo, oldest first: nothing here is from the novel. */
export const conversations: readonly Conversation[] = [
  {
    by: 'Myriel',
    text: 'The door is on the latch, as it is every night. Soup at seven, a bed for whoever comes. #Digne',
    replies: [
      ['MmeMagloire', 'And the silver stays out on the table, I suppose?'],
      ['Myriel', '@MmeMagloire It looks well there.'],
      ['MlleBaptistine', 'I have given up arguing. There is fresh bread.'],
    ],
  },
  {
    by: 'Valjean',
    text: 'Walked twelve leagues today. Four inns, four doors closed. Somebody said to knock at the fifth. #Digne',
    picture: {
      landscape: 'evening',
      altText: 'Four rows of hills at dusk. The sun is half behind the farthest.',
    },
    replies: [['Labarre', 'We were full. We are always full for a yellow passport.']],
  },
  {
    by: 'Gervais',
    text: 'Has anybody found a forty-sou coin near the thorn bush? I was tossing it and then I was not.',
  },
  {
    by: 'Valjean',
    text: 'Two candlesticks arrived that I had not asked for. I shall have to become somebody who deserves them.',
    replies: [['Myriel', 'That was the idea.']],
  },
  {
    by: 'Tholomyes',
    text: 'Four couples, one Sunday, one very long lunch at Saint-Cloud. We have a surprise for the ladies! #surprise',
    replies: [
      ['Favourite', 'If the surprise is the bill, I am leaving first.'],
      ['Listolier', 'It is a memorable surprise.'],
      ['Dahlia', 'The letter came with the cheese. You are all cowards.'],
      ['Zephine', 'At least the lunch was paid for.'],
    ],
  },
  {
    by: 'Fantine',
    text: 'She has her first tooth. I sang the whole way to Montfermeil so that she would not be afraid of the road.',
  },
  {
    by: 'MmeThenardier',
    text: 'Rooms, stew, careful childcare at fair rates. The Sergeant of Waterloo, Montfermeil. #inn',
    replies: [
      ['Thenardier', 'Candles, chairs, mirrors and looking at the fire are extra.'],
      ['Fantine', 'I have sent the seven francs. Does she have a warm skirt?'],
    ],
  },
  {
    by: 'Scaufflaire',
    text: 'One small grey horse for hire, does twenty leagues a day, eats like a bishop. Arras by evening if you leave now.',
  },
  {
    by: 'Javert',
    text: 'A cart was lifted today by one man’s back. I have known one other man who could do that. #MontreuilSurMer',
    replies: [['Fauchelevent', 'From where I lay I did not ask him for his papers.']],
  },
  {
    by: 'Simplice',
    text: 'I have never told a lie. I mention it because today would have been a convenient day to begin.',
    replies: [['Perpetue', 'Sleep, sister. The ward is quiet.']],
  },
  {
    by: 'Champmathieu',
    text: 'All this over a branch of apples. It was on the ground. I say again, the branch was on the ground. #Arras',
  },
  {
    by: 'Judge',
    text: 'In twenty years on the bench nobody has ever stood up from the audience to take the blame. #Arras',
    replies: [
      ['Brevet', 'I knew him by the braces. Checked ones.'],
      ['Chenildieu', 'Five years on the same chain, you remember a face.'],
      ['Cochepaille', 'Look at his arm if you do not believe him.'],
    ],
  },
  {
    by: 'Bamatabois',
    text: 'One snowball, and suddenly there is an inspector taking names. The tone of this town!',
  },
  {
    by: 'Marguerite',
    text: 'If you sew by moonlight you save a candle a week, and only ruin your eyes. Come by for tea.',
  },
  {
    by: 'Cosette',
    text: 'The bucket is heavier than I am. A man carried it for me and asked nothing at all. #Montfermeil',
    replies: [
      ['Valjean', 'It was on my way.'],
      ['Anzelma', 'She got the doll from the window!! THE doll!'],
    ],
  },
  {
    by: 'Fauchelevent',
    text: 'Melons under glass, mats against the frost. The bell on my knee is so that nobody meets me by accident. #garden',
    replies: [
      ['Valjean', 'Is there work here for a brother of yours?'],
      ['MotherInnocent', 'We were told of one brother, Father Fauvent. Does he limp?'],
    ],
  },
  {
    by: 'Gribier',
    text: 'Pen by morning, spade by afternoon. Does anybody know where I left my card? The gate wants fifteen francs.',
  },
  {
    by: 'Gillenormand',
    text: 'Ninety years, thirty-two teeth, and I still read without glasses whatever I intend to disapprove of.',
    replies: [
      ['MlleGillenormand', 'Father, your broth.'],
      ['LtGillenormand', 'Splendid as ever, uncle!'],
      ['Magnon', 'The second quarter is due on Friday, sir.'],
    ],
  },
  {
    by: 'Pontmercy',
    text: 'The tulips are up at Vernon. I go to Mass behind the pillar, to see a boy who must not see me. #garden',
    picture: { landscape: 'noon', altText: 'Green hills under a clear sky, with the sun high on the left.' },
  },
  {
    by: 'Mabeuf',
    text: 'Indigo will not take in the soil of Austerlitz, whatever I feed it. The Flora sells two copies a year. #botany #garden',
    replies: [
      ['MotherPlutarch', 'There is bread for today, sir, and a little for the book.'],
      ['Marius', 'I shall buy the third copy.'],
    ],
  },
  {
    by: 'Marius',
    text: 'Left my grandfather’s house with thirty francs, a watch and my father’s name. It is enough to begin with. #Paris',
    replies: [
      ['Courfeyrac', 'I have a second mattress and no objections.'],
      ['Gillenormand', 'Send him sixty pistoles every six months and never speak of him to me.'],
    ],
  },
  {
    by: 'Enjolras',
    text: 'Back room of the Musain, eight o’clock. Bring maps. Leave the speeches to those who have read them. #ABC',
    replies: [
      ['Combeferre', 'I shall bring the books as well. Light travels further than smoke.'],
      ['Grantaire', 'I shall bring the wine. Somebody has to represent doubt.'],
      ['Enjolras', '@Grantaire You are capable of neither believing nor leaving.'],
      ['Courfeyrac', 'And I shall bring everybody else.'],
    ],
  },
  {
    by: 'Joly',
    text: 'Turned my bed to lie along the magnetic meridian. Tongue still grey. Otherwise very happy. #health',
    replies: [
      ['Bossuet', 'You have four wings and no fever, my friend.'],
      ['Combeferre', 'As a fellow student of medicine: eat something.'],
    ],
  },
  {
    by: 'Bossuet',
    text: 'Lost: my hat, my inheritance and the thread of a lawsuit. Found: a good joke. On balance a fair day.',
  },
  {
    by: 'Feuilly',
    text: 'Painted eleven fans by lamplight and read forty pages on Poland. I taught myself to read; now I cannot stop. #ABC',
  },
  {
    by: 'Prouvaire',
    text: 'Read Dante to the flowerpot again. It came up with a second bud. Draw your own conclusions. #poetry',
    replies: [['Bahorel', 'Mine prefers a riot and a red waistcoat.']],
  },
  {
    by: 'Bahorel',
    text: 'My parents are peasants with good sense, so they have gone on believing that I study law. #Paris',
  },
  {
    by: 'Grantaire',
    text: 'I believe in nothing, except that the Hucheloup carp is a mistake. I have had three. #Corinthe',
    replies: [['MmeHucheloup', 'The carp is stuffed with love, monsieur, and with what was left.']],
  },
  {
    by: 'Marius',
    text: 'There is a bench in the Luxembourg, the west walk. That is all. I have nothing to add about the bench. #Luxembourg',
    replies: [
      ['Courfeyrac', 'He has put on the new coat. To look at a bench.'],
      ['Bossuet', 'We followed. There is a bonnet involved.'],
    ],
  },
  {
    by: 'Courfeyrac',
    text: 'Overheard: a philosopher who lends money and a baron who borrows it. I live with both; neither does the dishes. #Paris',
  },
  {
    by: 'Eponine',
    text: 'I know the street he is looking for. I know all the streets. Nobody asks what else I know.',
    replies: [
      ['Gavroche', 'You know where the good chestnuts are!'],
      ['Marius', 'Can you find the address?'],
    ],
  },
  {
    by: 'Gavroche',
    text: 'Elephant for rent: two rooms, view of the Bastille, no stairs but a ladder. Rats included at no charge. #Paris',
    replies: [
      ['Child1', 'It is the best house we ever had, sir.'],
      ['Child2', 'Can the rats come in?'],
      ['Gavroche', '@Child2 That is what the wire is for, little one.'],
    ],
  },
  {
    by: 'Jondrette',
    text: 'Respectable family, fallen on hard times, four letters to four benefactors at reasonable rates. Enquire at the Gorbeau house.',
  },
  { by: 'MmeBurgon', text: 'Whoever slams the door at number 50–52: I know your step and your rent.' },
  {
    by: 'Thenardier',
    text: 'A philosopher in the evening, an innkeeper by day, a victim of circumstance at all hours.',
    replies: [
      ['Brujon', 'Same time, same wall?'],
      ['Babet', 'I pull teeth on Thursdays. Otherwise yes.'],
      ['Gueulemer', 'I bring shoulders.'],
      ['Claquesous', 'You will not see me there.'],
      ['Montparnasse', 'Give me till the flower is in my buttonhole.'],
    ],
  },
  {
    by: 'Montparnasse',
    text: 'Tried to relieve an old gentleman of his purse. He knocked me down, gave me the purse and a lecture. Worst of both.',
    replies: [['Gavroche', 'I have the purse now. Father Mabeuf has it, rather. Ask the wall.']],
  },
  { by: 'Javert', text: 'Rules are not severe. They are merely the same on Tuesday as on Monday. #police' },
  {
    by: 'Boulatruelle',
    text: 'There is something buried near the Blaru clearing. I have dug eleven holes and own eleven holes. #Montfermeil',
  },
  {
    by: 'Cosette',
    text: 'Rue Plumet: the garden has had no gardener for thirty years, and is all the better for it. Found a letter under a stone. #garden',
    picture: { landscape: 'dawn', altText: 'The first light over hills that are still half in the mist.' },
    replies: [['Toussaint', 'I h-have bolted the shutters, mademoiselle. Twice.']],
  },
  {
    by: 'Toussaint',
    text: 'M-mademoiselle reads by the window, monsieur walks at night, and I am to be afraid for all three of us. #Paris',
  },
  {
    by: 'Mabeuf',
    text: 'Sold the last book today. It was the first that I ever bought. I think I shall go for a walk and see what the noise is.',
    replies: [['Marius', 'Stay at home today, I beg of you.']],
  },
  {
    by: 'Enjolras',
    text: 'Rue de la Chanvrerie. The paving stones are up; we have till morning. Those with families may go, with honour. #barricade',
    replies: [
      ['Feuilly', 'I have no family but this one.'],
      ['Combeferre', 'We need lint and lamps before we need orators.'],
      ['Grantaire', 'Wake me when it is over, or before.'],
      ['Gavroche', 'I want a musket. A big one.'],
    ],
  },
  {
    by: 'MmeHucheloup',
    text: 'My tables are in the street, with the omnibus on top. Thirty years of the house, and nobody has paid for the wine! #Corinthe',
  },
  {
    by: 'Gavroche',
    text: 'Running an errand between two bad songs and a good one. Whoever shoots at sparrows should learn to aim. #barricade',
    replies: [['Courfeyrac', 'Come back in. Come back in at once.']],
  },
  {
    by: 'Combeferre',
    text: 'If we had a century we should not need the night. Until then, I hold the lantern. #barricade',
  },
  {
    by: 'Prouvaire',
    text: 'It is raining on the red flag, and the colour only gets deeper. I should like to write that down tomorrow. #poetry',
  },
  {
    by: 'Javert',
    text: 'A man had every right to my life, and gave it back to me in an alley. I can find no regulation for it.',
    replies: [['Valjean', 'There is none. Go home, Inspector.']],
  },
  {
    by: 'Valjean',
    text: 'The sewers of Paris are as long as her boulevards, and less crowded. I would not recommend the route to anybody. #Paris',
    replies: [['Thenardier', 'Half of what he has, and I open the grating. That is business.']],
  },
  {
    by: 'Gillenormand',
    text: 'The boy breathes! Open the windows, hang the lace, wake the notary! Ninety-one years, and I have just begun!',
    replies: [
      ['MlleGillenormand', 'Father, the physician said quiet.'],
      ['Cosette', 'I have brought lint. And myself.'],
      ['Marius', 'I am listening to both of you.'],
    ],
  },
  {
    by: 'Marius',
    text: 'Looking for the man who carried me. I should know his back, and nothing else about him. #Paris',
  },
  {
    by: 'BaronessT',
    text: 'Tuesdays as ever. Two candles, four opinions, and no news later than 1789.',
    replies: [['MlleVaubois', 'I shall bring my ignorance, as pure as ever.']],
  },
  {
    by: 'Napoleon',
    text: 'Passed a country priest on the stairs who was not in the least impressed. Find out his name, and give him a bishopric.',
  },
  {
    by: 'Cosette',
    text: 'He has put the little black dress of the inn in a box, beside two silver candlesticks. He will not say why. I think I know.',
    replies: [
      ['Valjean', 'Keep the candlesticks. Light them sometimes.'],
      ['Marius', 'We are on our way. Both of us.'],
    ],
  },
  {
    by: 'Valjean',
    text: 'It was a good road after all. Good night, @Cosette. Good night, @Marius.',
    picture: { landscape: 'night', altText: 'A full moon and many stars above dark hills.' },
  },
];
