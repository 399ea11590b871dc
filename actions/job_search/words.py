"""The words by which people tell of a job search: what they call employers, places, posts and ways to apply.

Patterns are for texts as `base.plain` makes them: without accents and capitals.
"""

from __future__ import annotations

import re

from eservices.models import ApplyChannel, Result, Workload

COMPANIES = """
    (?:pressing )?5 a sec|adecco|air liquide|aldi|aligro|alstom|amag|axa|barry callebaut|bcge|bershka|bobst|bongenie|brico-?marche|bucherer
    burger king|c&a|calida|caran d'ache|cargill|caritas|carrefour|cartier|cern|cff|chanel|chopard|clarins|coop city|coop
    coop pronto|credit suisse|croix-rouge|decathlon|deloitte|denner|dhl|digitec|domino's|dosenbach|dpd|easyjet|edelweiss
    fedex|firmenich|fnac|galexis|gate gourmet|generali|givaudan|globus|groupe mutuel|h ?& ?m|helvetia|hermes
    hilti|holy cow|honegger|hornbach|hospice general|hug|ibis|ikea|imad|implenia|interdiscount|interio|intersport|iss
    jumbo|kelly services|kfc|kpmg|kuoni|la mobiliere|la poste|landi|lidl|logitech|lombard odier|longines
    losinger marazzi|losinger|mango|manor|manpower|marionnaud|mc ?do(?:nald'?s?)?|media ?markt|mercure|migrolino|migros
    mirabaud|mobilezone|naef|naville|nespresso|nestle|novartis|novotel|obi|ochsner(?: sport)?|omega|onet|onu|oms|orllati
    otto'?s|patek(?: philippe)?|payot|piaget|pictet|pilet ?& ?renaud|(?<=la )poste|primark|privera|protectas|proctor|qualipet
    raiffeisen|randstad|richemont|roche|rolex|salt|schindler|securitas|selecta|sephora|sig|smood|spitex|starbucks
    stadler|sun ?store|sunrise|swatch(?: group)?|swiss life|swisscom|swissport|tag heuer|tally weijl|tpg|uber(?: eats)?
    ubs|uniqa|uniqlo|vacheron(?: constantin)?|vebego|visana|visilab|vogele|zara|zurich assurances
"""
"""Employers that people name without a word that says what they are."""

EMPLOYERS = """
    agence|aeroport|ambassade|assurances?|association|atelier|auberge|banque|bar|bijouterie|blanchisserie|boite(?! aux)|boucherie|boulangerie|boutique
    brasserie|brocante|bureau|cabinet|cafe|cafeteria|camping|canton|cantine|centre|chantier|charcuterie|chocolaterie|cinema|clinique
    club|college|consulat|cooperative|commune|confiserie|conservatoire|couple|creche|domaine|drogue?rie|ecole|eglise|enseigne|ems|entreprise|epicerie
    etat|etude|fabrique|famille|ferme|fiduciaire|fitness|fondation|foyer|fromagerie|galerie|garage|garderie|gerance|grossiste|hopital
    hotel|imprimerie|institut|jardinerie|kebab|kiosque|laboratoire|laverie|librairie|magasin|mairie|maison|marche
    maternite|lycee|menuiserie|mission|musee|office|parfumerie|parking|particulier|patisserie|pharmacie|piscine|pizzeria|poissonnerie|pressing|regie
    residence|restaurant|resto|salon|societe|station|supermarche|syndicat|take ?away|tea ?-?room|theatre
    traiteur|universite|usine|ville
"""
"""What an employer can be; with a name behind it, its name."""

OF_A_PLACE = (
    r"(?:ville|commune|canton|etat|universite|mairie|aeroport|bibliotheque|(?:ems )?(?:maison|residence)|(?:eglise|ecole|conservatoire|chambre)(?: [a-z]+)?|gare|"
    r"gendarmerie|hopital|musee|paroisse|piscine|police|theatre) d(?:e |u |')(?!la |l')(?=[a-z])"
)
"""Begins names that a place belongs to."""

PLACES = """
    acacias|les acacias|aeroport|aire-la-ville|aigle|allaman|ambilly|anieres|annecy|annemasse|archamps|athenaz|aubonne
    augustins|avanchets|avully|avusy|balexert|bale|bardonnex|bassins|begnins|bel-air|bellegarde|bellerive|bellevue|berne
    bernex|bex|bienne|blandonnet|blonay|bonneville|bourdigny|bulle|bussigny|cartigny|carouge|celigny|champel|champ-dollon
    chambesy|chancy|charmilles|chatelaine|chavannes|chavannes-de-bogis|chavannes-pres-renens|chene-bourg|chene-bougeries|chene|cheseaux
    chexbres|choulex|clarens|cluses|cointrin|collex|collonge-bellerive|cologny|commugny|conches|confignon|coppet|cornavin
    corsier|cossonay|crans|crassier|cressy|crissier|croix-de-rozon|cully|delemont|divonne|drize|duillier|eaux-vives
    echallens|echandens|ecublens|epalinges|etoy|evian|eysins|ferney(?:-voltaire)?|florissant|founex|fribourg|gaillard
    geneve|genolier|genthod|gex|gland|grand-lancy|grand-saconnex|grange-canal|grottes|gy|hermance|jonction|jussy
    la chaux-de-fonds|la praille|praille|la servette|la tour-de-peilz|laconnex|lancy|lausanne|le locle|le lignon|lignon
    le mont-sur-lausanne|loex|lonay|lucerne|lugano|lutry|malagnou|malley|martigny|meinier|meyrin|mies|montbrillant
    monthey|montreux|morges|nations|neuchatel|nyon|onex|orbe|ornex|ouchy|palettes|paquis|payerne|peissy|peney|perly
    perroy|petit-lancy|petit-saconnex|plainpalais|plan-les-ouates|pont-rouge|prangins|pregny|presinge|preverenges
    prevessin|prilly|puidoux|pully|puplinge|renens|rive|rolle|romanel|russin|saint-blaise|saint-cergue|st-cergue
    saint-genis|st-genis|saint-gervais|st-?gervais|saint-jean|st-?jean|saint-julien|st-julien|saint-legier|saint-prex
    st-prex|saint-sulpice|st-sulpice|satigny|servette|sierre|signy|sion|soral|tannay|thoiry|thonex|thonon
    tolochenaz|trelex|troinex|vandoeuvres|vandœuvres|vernier|versoix|vesenaz|vessy|vevey|veyrier|vich|vieille-ville
    villars-sainte-croix|ville-la-grand|villeneuve|winterthour|yverdon(?:-les-bains)?|zimeysa|zurich
"""
"""Communes and quarters of Geneva, and towns that people of Geneva apply in."""

POSTS = r"""
    accompagnant|accompagnateu|accountant|acheteu|administrat|agent|aide|analyst|animat|apprenti(?!ss)|architect|archivist
    asa\b|ascensorist|ase\b|assc\b|assistant|auditeur|auxiliaire|avocat|bagagist|barista|barmaid|barman|bibliothecaire|bijouti
    boucher|boulanger|cadre|caissi|cariste|carreleu|carrossi|chargee? de|charpentier|chauffeu|chef d'|chef de|chef-
    coach|coffreu|coiffeu|collaborat|commercial|commis|comptable|concierge|conduct|conseill|consult|controleu|coordinat
    courtier|couturi|couvreu|croupi|cuisini|decorat|delegu|dessinat|developpeu|directeu|directrice|docker|ebenist|educat
    electrici|employe|enseignant|equipier|equipiere|esthetici|etancheu|extra|facteur|factrice|femme de|ferblanti|ferrailleu
    fleuriste|formateu|formatric|fraiseu|frigorist|garcon de|garde-|gardien|gerant|gestionnaire|gouvernant|graphiste
    grutier|guide|homme a tout|horloge|hote d|hotesse|huissi|infirmi|informatici|ingenieu|installat|intendant|interpret
    intervenant|jardini|journalist|juriste|kinesi|laborant|laveu|libraire|linge|livreu|logistici|machinist|macon|magasini
    maitre d|manoeuvre|manœuvre|manutention|matelot|mecanici|menuisi|micro-?mecanici|moniteu|monteu|nettoyeu|nounou|nurse
    operat|opticien|ouvri|patissi|patrouilleu|paysagiste|peintre|pharmacien|photographe|pizzaiol|platrier|plombi|plongeu
    polisseu|polymecanici|pompiste|poseu|preparat|prof\b|professeu|programmeu|psycholog|receptionn|redact|regleu|remplacant
    repasseu|representant|responsable|sage-femme|secretaire|serruri|sertisseu|serveu|sommeli|soudeu|specialiste|stagiaire
    standardiste|surveillant|techn|telephonist|televend|testeu|tourneu|traduct|valet|veilleu|vendeu|veterinaire|web ?design
"""
"""How the names of posts begin."""
NO_POSTS = r"(?:[a-z]+eries?|(?:immobil|janv|fevr|dern|prem|atel|quart|pap|courr|ent|met|chant|dern|carr|man|mat)iere?|heure|ailleurs|plusieurs|meilleure?|(?:in|ex)terieur|valeur|leur)(?![a-z])"
"""Ends like the name of a post, and is none."""
POST_ENDINGS = r"[a-z-]{3,}(?:euse|eur|rice|iere?|iste|ienne|logue)s?"
"""How the names of most other posts end."""

_DOSSIER = r"(?:cv|curriculum|dossier|candidature|postulation|lettre|papiers?(?: cv)?|documents?|numero|carte)"
_THEIR = r"(?:mon|ma|mes|un|une|le|la|les)"
_GIVEN = r"(?:(?:depos|laiss|donn|apport|port|amen|ramen)(?:ee?s?|er|ez)|remis(?:e|es)?|remettre)"

CHANNELS: tuple[tuple[ApplyChannel, str], ...] = (
    (
        ApplyChannel.ELECTRONIC,
        r"(?:par |en |sur |via |avec |un |d'un )?(?:l'|le |la |leur |leurs |une |un |son )?"
        r"(?:en[ -]ligne|online|on line|int(?:er|re|r)n+et|e[- ]?mails?|mails?|mel|courriels?|(?:page|site)s? (?:carrieres?|emplois?|web|internet)|"
        r"(?:page|espace|portail) (?:de )?(?:carrieres?|recrutement|emplois?)|"
        r"formulaire(?: (?:en ligne|internet|web))?|plate-?forme(?: en ligne)?|portail|sites?|appli(?:cation)?|app|web|"
        r"job-?up|job ?scout(?:24)?|job-?room|job ?cloud|jobs\.ch|indeed|linked ?in|workday|monster|glassdoor)"
        r"(?: (?:de l'entreprise|de l'etat|du canton|de la (?:ville|commune|societe|boite)|carrieres?|officiel|internet|web|en ligne))?(?= |$|[^a-z0-9-])|(?:par|via|sur) (?:le )?(?:net|web)\b",
    ),
    (
        ApplyChannel.MAIL,
        r"(?:(?:par |en |un |par un |une |par une )?(?:courrier(?: postal)?(?: (?:[ab]|recommande))?|(?:lettre )?recommandee?|lettre|pli|(?:voie|dossier|envoi) postale?)|par (?:la )?poste)\b",
    ),
    (
        ApplyChannel.PHONE,
        r"(?:par |au |un coup de )?(?:le )?(?:tel[ae](?:ph|f)ones?|tel|(?<!mon )natel|tph|fil|coup de (?:fil|tel))\b\.?(?! (?:portable|mobile))|"
        r"(?:j'ai |jai |ai |g |j'|avoir )?(?:re)?(?:(?:tele(?:ph|f)one|(?<!m'a )(?<!m'ont )ap+el+)(?:ee?s?|er|ez)|passe un coup de (?:fil|tel)|un appel)\b|"
        r"(?:contact|echange) tele(?:ph|f)oniques?\b|(?:par )?(?<!sur )(?<!suite a l')appel(?:s|(?: tele(?:ph|f)oni(?:que|c)))?\b|repondeur\b",
    ),
    (
        ApplyChannel.PERSONAL,
        r"sur plas*(?:c|s)e|en personne|personnel(?:lement)?\b|contact personnel|(?:en|au|dans le|dans la|ds le|a la|a l'|dans l'|ds l'|a leur) ?"
        r"(?:magasin|boutique|resto|agence|guichet|comptoir|secretariat|reception|accueil|caisse|atelier)\b|"
        r"(?:cv |donne(?:r)? (?:le |mon )?cv |dossier )?(?:remise? )?(?:en )?mains? propres?|(?:donne[rz]? |remis |cv )(?:(?:mon |le )?cv )?(?:en )?mains?\b|"
        rf"(?:j'ai |jai |j'avais |ai )?(?:{_GIVEN}) (?:{_THEIR} )?{_DOSSIER}\b|(?:{_THEIR} )?{_DOSSIER} (?:ete )?(?:{_GIVEN})(?![a-z])|"
        r"(?:je (?:me )?suis|j'suis|jsuis|chuis|j'etais|j'y etais|j'y suis|suis) (?:y )?(?:passee?|allee?|presentee?|rendue?)(?: (?:me|m'y) presenter)?(?: (?:sur place|directement))?|"
        r"j'?ai ete (?=chez|au |a l|dans|sur|voir)|je (?:vais|va) (?=chez|au |a l)|allee? (?:sur place|chez|demander|voir|deposer)|presentee? (?=le|au|a l|chez)|"
        r"(?<!lundi )(?<!mardi )(?<!credi )(?<!jeudi )(?<!dredi )(?<!amedi )(?<!anche )(?<!tretien )(?<!mois )(?<!semaine )(?<!rdv )passee?s?(?: (?:sur place|en magasin|au magasin|en boutique|directement|voir))?"
        r"(?= ?(?:$|[,;.)\n]|le \d|les |hier|ce matin|a l|au |chez|lundi|mardi|mercredi|jeudi|vendredi|samedi|sur|en |directement|voir|deposer|demander))|"
        r"visite\b|toquee?\b|"
        r"(?:le |(?:j'ai |jai )?) ?(?:ete )?deposee?r?\b(?: (?:en|au) magasin)?|me presenter",
    ),
)
"""Ways to apply, each with what says it."""

WORKLOADS: tuple[tuple[Workload, str], ...] = (
    (
        Workload.FULLTIME,
        r"(?:a |en )?(?:100 ?(?:%|pour ?cent)|cent pour ?cent|plein[- ]?temps?|temps? (?:plein|complet))",
    ),
    (
        Workload.PARTTIME,
        r"(?:a |en )?(?:(?:\d\d ?(?:-|a|/) ?)?(?:[1-9]\d?) ?%(?! ?(?:-|a|/) ?100)|"
        r"(?:dix|vingt|trente|quarante|cinquante|soixante|soixante-dix|septante|\d\d|quatre[- ]vingts?|huitante|nonante) pour ?cent|"
        r"temps? partiels?|mi[- ]?temps?)",
    ),
)

ASSIGNED: tuple[tuple[bool, str], ...] = (
    (
        False,
        r"(?:ce (?:n'est|n'etait|nest) pas (?:une |du a une )?|c'(?:est|etait) pas (?:une )?|pas (?:d'|une |de |du a une )?|sans |non |aucune? |hors |0 )"
        r"(?:ete )?assign(?:ation|ee?s?)(?: (?:de |par )?(?:l')?orp)?|(?:offres?|candidatures?|postulations?)? ?spontanee?s?\b|"
        r"de (?:ma propre|mon) initiative|de moi-meme",
    ),
    (
        True,
        r"(?:sur |suite a |par |une )?(?:une |l')?assignation(?: (?:de |par )?(?:l')?(?:orp|oce))?|"
        r"(?:l'orp m'a |on m'a |m'a ete |(?:m'a|ma) )?assignee?s?(?: (?:par|de) l'(?:orp|oce))?(?: (?:a |chez )?(?=un))?|"
        r"(?:propose|envoye|assigne|transmis|donne)e?s? par (?:l'|mon |ma )?(?:orp|oce|conseill\w+)(?: (?:de l')?orp)?|offre de l'orp",
    ),
)

_THEY = r"(?:ils?|elles?|on)"
_TOLD = r"(?:ils? |elles? |on |il on |m'ont |m'a |mont |ma |mon |ont |a )*(?:dit|repondu|di|dire) (?:que )?"

RESULTS: tuple[tuple[Result, str], ...] = (
    (
        Result.REJECTED,
        r"(?:ma )?(?:candidature |reponse |rep |retour )?(?:refus(?:e|ee|er|es|ees|ait)?|refu|negati(?:f|ve)s?|neg|decline[er]?|rejected|rejetee?|ecartee?|recalee?|refoule[er]?)\b(?: (?:recue?|de leur part|par mail|automatique))?|"
        rf"{_TOLD}non\b|(?:non|pas) (?:ete )?(?:retenue?|prise?|selectionnee?|gardee?)\b|(?:me |m'|ne |m'a |m'ont |n'ont )*(?:prend|prennent|prise?|engagent?) pas\b(?! (?:de|d'))|(?:peu(?:x|t|vent)|ve(?:ut|ulent)|va|vont) pas (?:me |m')?(?:prendre|engager|embaucher|garder)\b|"
        r"(?:c'est |c |donc |c'etait )non\b|(?:pas |pa )interes+e+s?\b|(?:pas |pa )(?:eu|obtenu) (?:la place|le poste|le job)|(?<=[ ,/])non(?=\s*(?:$|[.,;!)]))",
    ),
    (
        Result.EMPLOYED,
        r"(?:je suis |j'ai ete |ete |ils m'ont |on m'a |m'ont )?(?:engagee?|embauchee?|embouchee)\b|"
        r"(?:(?:ils |elle |il |on )?(?:m'ont|m'a)|j'ai ete|je suis) prise?\b(?! (?:le|la|les|mon|ma|mes|un|une)\b)|j'ai (?:eu|recu|obtenu|decroche) (?:le|la|un) (?:poste|place|contrat|job)|(?:poste|place|contrat) (?:obtenue?|signe)|j'ai signe\b(?: (?:le|un|mon) contrat)?",
    ),
    (
        Result.INTERVIEW,
        r"(?:un |1 |ok pour un |invitee? a un |convoquee? (?:pour|a) un )?(?:(?<!les )(?<!l')(?<!des )entretien|entretient|rendez-vous|rdv|interview|convocation)s?(?: (?:d'embauche|telephonique|tel\.?|d'essai|en visio))?\b(?: (?:passe|fixe|prevu|eu|obtenu|fait))?|"
        r"(?:m'a |m'ont |suis |ete )?convoquee?\b",
    ),
    (
        Result.PENDING,
        r"(?:toujours |tjrs |tjs |encore )?(?:pas|pa|ps|aucune?|sans|0)(?: (?:encore|eu|recu))*(?: (?:de|d'|la))? ?(?:reponses?|rep|nouvelles?|retour|suite)\b|"
        r"(?:toujours |tjrs |tjs )?(?:en (?:attente|cours|suspens|traitement)|pdr|ras|a suivre)\b(?: (?:de (?:reponse|decision|retour|traitement)|d'examen))?|"
        r"(?:j'|j' |moi |je |j)?(?:atten[dt]?s?|attendre|attendons|d'attendre|attente)\b(?: touj(?:ours?|our))?(?: (?:la |une |leur )?reponse)?|"
        r"(?:(?:j'ai |toujours |tjrs |encore )+rien|rien(?= (?:recu|eu|encore|pour)\b)) ?(?:recu|eu|encore|pour (?:le moment|l'instant))?(?: (?:pour|encore).{0,12}| comme reponse\b)?|(?:toujours|tjrs|encore) rien\b|(?<!ont )(?<!a )rien(?=\s*(?:$|[/,;.)]))|"
        rf"(?:{_THEY} )?(?:m'(?:ont|a) |ont |a |mon )?dit (?:de |d'|que? ?'?)?(?:attendre|(?:{_THEY} (?:va |vont )?)?(?:me )?r[ae]pp?ell?(?:er?|ent|era|eront)\b)|"
        rf"(?:qu')?{_THEY} (?:va |vont |doi(?:t|vent) )?(?:me |m')?(?:r[ae]pp?ell?(?:er?|ent|era|eront)?|(?:recontacte|redi|repon)\w*|dira|diront|disent|dit|appellent|tien\w* au courant)\b|"
        rf"{_THEY} repren\w* contact|pas encore (?:de|d') (?:reponse|retour)|rappeller(?:a|ont)\b|non[ -]reponse\b|accuse de reception",
    ),
)

_LACKED = (
    r"(?:place|travail|boulot|job|mission|poste|budget|besoin|diplome|permis|experience|cfc|master|bachelor|brevet|formation|papiers|francais|"
    r"allemand|anglais|niveau|references?|voiture|vehicule|profil|disponi\w*|adapte\w*|assez|recrutement|engagement)"
)
REASONS = (
    rf"{_THEY} (?:(?:ont|a|avait|avaient) )?deja [a-z]+|deja (?:trouve|(?:re)?pourvue?|pris|quelqu'un)|"
    rf"(?:{_THEY} )?(?:n'|ne )?(?:cherch|pren(?:d|n)|engag|embauch|recrut)[a-z]* (?:(?:plus |pas )?personne|qu[e'])|"
    rf"(?:{_THEY} )?(?:n'|ne )(?:cherch|engag|embauch|recrut|prenn)[a-z]* (?:plus|pas)|{_THEY} (?:embauch|engag|recrut|prenn|cherch)[a-z]* (?:plus|pas)|"
    rf"{_THEY} prefer|(?:le |la )?(?:poste|place) (?:deja |est |est deja |a ete )?(?:re)?(?:pourvue?|prise?|occupee?)|"
    rf"(?:pas|plus|manque|peu|faute) (?:d'|de |assez |assez d'|assez de |du |la |le )?{_LACKED}|"
    r"(?:trop|sur-?) ?(?:qualifiee?|jeunes?|agee?|vieux|vieille|loin|tard|de candidat|peu)|notes? trop|(?:mon |le |ce )?profil (?:ne |n'|pas)|"
    r"c(?:'est|'etait| est|etait)? complets?(?=\s*(?:$|[.,;!)/]))|(?:(?<=[,:;./-] )|(?<=\())complet(?=\s*(?:$|[.,;!)/]))"
)
"""Begins why somebody was refused, even where no word says that they were; «complet» does when nothing else is said."""
BECAUSE = r"(?:car|parce que|parce qu'|pour cause de|pour|motif ?:|raison ?:|:|\() ?"

NOISE = (
    r"(?:au|l[ae]|les|du|a la|avec l[ae]) (?:patronn?e?|chefs?|gerante?|contremaitre|boss|rh|equipe)\b(?! d)|(?<=\()(?:suisse|france|international)(?=\))|(?:la |le )?meme (?:poste|travail|metier|fonction|place|job|emploi|chose)\b|(?:idem|pareil|respectivement)\b|(?:en )?fin de journee\b|"
    r"(?:(?:bonjour|bonsoir|salut|hello|bjr|slt|chere?)(?: (?:madame|monsieur|mme|m\.)(?: la conseillere| le conseiller)?)?|madame la conseillere|monsieur le conseiller|ecrire|alors|donc|voila|ecoutez|euh|bon|ben|ok|svp|stp|s'il (?:te|vous) plait|merci|tu notes|vous notez|a noter)\b|"
    r"(?:je |j')?(?:voudrais|aimerais|veux|souhaite|dois)? ?(?:r?ajoute[rz]?|note[rz]?|mets?|mettre|metre|enregistre[rz]?|inscri[rst]e?|saisir|rentre[rz]?)\b(?: (?:aussi|la|le))?|"
    r"(?:encore |aussi )?(?:une? |la |ma |mon |mes )?(?:autre )?(?:offres?(?: d'emploi)?|postulations?|candidatures?|(?<!de )recherches?|dossier|cv|postul)(?: (?:faite|envoyee?|deposee?|n[o°]))?(?: \d{1,2} ?(?=:))?(?: (?:chez|aupres de)(?=\b))?(?=[^a-z]|$)|"
    r"(?:moi )?(?:j'ai |jai |j'avais |g |j'|ai |avais )?(?:aussi )?(?:re)?(?:po+s+t+ul(?:ee?|e[rz]|)|envoyee?|envoyer|envoye|ecrit|ecris|fait|faite|laisse[er]?|demande[re]?|parle[r]?|donne[er]?|contactee?|candidate|eu|recu)\b"
    r"(?: (?:mon|ma|un|une|le|du|des) (?:cv|dossier|candidature|travail|lettre|offre))?(?: (?:de )?(?:postulation|candidature))?(?: (?:mon|ma) (?:cv|dossier))?|"
    r"(?:on |il |y |il y )?(?:m'a|a eu)\b|(?:encore|encore une|aussi|puis|ensuite|seulement|egalement|en plus|enfin|tjrs|toujours|directement|ma conseillere|mon conseiller)\b|"
    r"passee?\b|envoyee?\b|faite?\b|recue?s?\b|vue?\b|entre\b|cdi\b|cdd\b|interim\b|(?:une )?autre\b|aussi\b|madame\b|monsieur\b|(?:les |l'|le )?(?:autres?|reste)\b|(?:la |le )?(?:premiere?|seconde?|(?:deux|trois|quatr|cinqu|six)ieme)\b|inscription\b|bis\b"
)
"""Says nothing about the effort itself."""

NO_NAMES = r"(?:agence|bureau|enseigne|entreprise|societe|boite|firme|compagnie)"
"""Says only that something is an employer, before its name."""

TRADES = r"(?:caisse|conciergerie|cuisine|jardinage|lingerie|livraison|logistique|manutention|menage|nettoyages?|plonge|reception|securite|vente)(?![a-z-])"
"""What work is about, where it stands for a post: «pour la cuisine», «travail nettoyage»."""

OFFICES = re.compile(
    r"^(?:l'|la |le |ma |mon )?(?:orp|oce|office (?:cantonal|regional)|caisse|chomage|conseill|job-?room|assistant(?:e)? social)"
)
"""Who is no employer."""

_SENTENCE = (
    r"(?:je|jai|pa|tu|il|ils|elle|elles|on|nous|vous|mon|ma|mes|ton|votre|ce|cette|ca|est|suis|sont|etait|ai|as|avons|ont|va|vais|"
    r"qui|que|quoi|quand|comment|combien|pourquoi|ou est|ne|pas|me|moi|faut|peux|peut|pouvez|oui|non|si|tout|c|rien|beaucoup|sais|"
    r"cherch\w*|avai\w*|prend|prennent|besoin|dire|finir|alors|avant|apres|depuis|malade|conge|vacances|question|rapport|ipa|mois|annee|semaine)"
)
SENTENCE = re.compile(
    rf"(?<![a-z-])(?:{_SENTENCE}(?![a-z'])|(?:j|c|m|n|qu|s)'(?=(?:ai|ils?|elles?|est|etait|a|ont|on)(?![a-z])))"
)
"""Words of sentences, among which a bare word names no company."""


def words(text: str) -> str:
    """The alternatives of a list above as a pattern, the longest first."""
    alternatives = [word for line in text.strip().splitlines() for word in line.strip().split("|") if word]
    return "|".join(sorted(alternatives, key=len, reverse=True))
